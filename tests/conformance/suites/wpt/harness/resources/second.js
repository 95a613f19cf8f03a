loaded.push('second');
const together = loaded.join(' and ');
// The value of a script is nobody's business.
(() => together);
