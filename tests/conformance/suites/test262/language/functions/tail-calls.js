/*---
description: A call in tail position needs no stack
flags: [onlyStrict]
features: [tail-call-optimization]
---*/
(function count(n) { return n === 0 ? n : count(n - 1); })(1e6);
