// Streams (https://streams.spec.whatwg.org/), and what other modules make and read streams with (Streams 9).

import "web:streams/transform-stream";
export {};
