/*---
description: An import of a name that is not exported does not link
flags: [module]
negative:
  phase: resolution
  type: SyntaxError
---*/
$DONOTEVALUATE();
import { neverExported } from './counter_FIXTURE.js';
