/*---
description: The text of a raw file is not changed, and its directive counts
flags: [raw]
negative:
  phase: parse
  type: SyntaxError
---*/
'use strict';
var interface = 1;
