// All modules of the web platform. The exports are what the engine calls.

import "web:base64";
import "web:events/event";
import "web:events/target";
import "web:events/interfaces";
import "web:report";
import "web:abort/signal";
import "web:abort/controller";
import "web:global";
import "web:microtask";
import "web:structured-clone/main";
import "web:performance";
import "web:navigator";
import "web:compression";
import { DOMException } from "web:domexception";
import "web:streams";
import "web:encoding";
import "web:url/url";
import "web:url/pattern";
import "web:fileapi/file";
import "web:fetch/fetch";
import "web:crypto/crypto";

/** For errors that native functions throw. */
export const createDOMException = (message, name) => new DOMException(message, name);

export {
    notifyError as reportError,
    notifyRejection as reportRejection,
    notifyRejectionHandled as rejectionHandled,
} from "web:report";
