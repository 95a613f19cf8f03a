// All modules of the web platform. The exports are what the engine calls.

import "web:abort/controller";
import "web:abort/signal";
import "web:base64";
import "web:compression";
import "web:crypto/crypto";
import "web:encoding";
import "web:encoding/streams";
import "web:events/event";
import "web:events/interfaces";
import "web:events/target";
import "web:fetch/fetch";
import "web:fileapi/file";
import "web:global";
import "web:microtask";
import "web:navigator";
import "web:performance";
import "web:streams";
import "web:structured-clone/main";
import "web:url/pattern";
export { URL } from "web:url/url";
import { DOMException } from "web:domexception";
import { QuotaExceededError } from "web:quotaexceedederror";

/** For errors that native functions throw. */
export const createDOMException = (message, name) =>
    name === "QuotaExceededError" ? new QuotaExceededError(message) : new DOMException(message, name);

export {
    notifyError as reportError,
    notifyRejection as reportRejection,
    notifyRejectionHandled as rejectionHandled,
} from "web:report";
