/*---
description: An exception that is not caught ends a script
negative:
  phase: runtime
  type: Test262Error
---*/
throw new Test262Error('as expected');
