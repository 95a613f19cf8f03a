// node:string_decoder

import { StringDecoder } from "node:vendor/string-decoder";

export { StringDecoder };
export default { StringDecoder };
