// node:punycode

import punycode from "node:vendor/punycode";

export default punycode;
export const { decode, encode, toASCII, toUnicode, ucs2, version } = punycode;
