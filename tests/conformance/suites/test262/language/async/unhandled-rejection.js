/*---
description: A rejected promise that nobody handles is no exception of the script
---*/
Promise.reject(new Test262Error('never handled'));
