/*---
description: A statement that lacks its body does not parse, and nothing that a runner adds completes it
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
if (true)
