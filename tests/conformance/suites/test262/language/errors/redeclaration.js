/*---
description: A lexical name is declared once in a scope
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
let twice = 1;
var twice = 2;
