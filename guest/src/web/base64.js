// atob and btoa (HTML 8.3).

import { decodeBase64, encodeBase64 } from "web:native";
import { exposeFunction, requireArguments, toDOMString } from "web:webidl";

const { atob, btoa } = {
    atob(data) {
        requireArguments(arguments.length, 1, "atob");
        return decodeBase64(toDOMString(data));
    },
    btoa(data) {
        requireArguments(arguments.length, 1, "btoa");
        return encodeBase64(toDOMString(data));
    },
};

exposeFunction("atob", atob);
exposeFunction("btoa", btoa);
