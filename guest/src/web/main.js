// All modules of the web platform. The exports are what the engine calls.

import "web:base64";
import "web:compression";
import { DOMException } from "web:domexception";
import "web:streams";
import "web:encoding";
import "web:url/url";
import "web:url/pattern";

/** For errors that native functions throw. */
export const createDOMException = (message, name) => new DOMException(message, name);
