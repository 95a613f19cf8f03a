// Generated from url 0.11.4 (see LICENSES.md): `just node-modules`.
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf, __hasOwnProp = Object.prototype.hasOwnProperty;
var __esm = (fn, res, err) => function() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __commonJS = (cb, mod) => function() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: !0 });
}, __copyProps = (to, from, except, desc) => {
  if (from && typeof from == "object" || typeof from == "function")
    for (let key of __getOwnPropNames(from))
      !__hasOwnProp.call(to, key) && key !== except && __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: !0 }) : target,
  mod
)), __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: !0 }), mod);

var node_punycode_exports = {};
__export(node_punycode_exports, {
  default: () => default2
});
import { default as default2 } from "node:punycode";
var init_node_punycode = __esm({
  "import:node:punycode"() {
  }
});

var require_node_punycode = __commonJS({
  "require:node:punycode"(exports, module) {
    module.exports = (init_node_punycode(), __toCommonJS(node_punycode_exports)).default;
  }
});

var node_querystring_exports = {};
__export(node_querystring_exports, {
  default: () => default3
});
import { default as default3 } from "node:querystring";
var init_node_querystring = __esm({
  "import:node:querystring"() {
  }
});

var require_node_querystring = __commonJS({
  "require:node:querystring"(exports, module) {
    module.exports = (init_node_querystring(), __toCommonJS(node_querystring_exports)).default;
  }
});

var require_url = __commonJS({
  "node_modules/url/url.js"(exports) {
    "use strict";
    var punycode = require_node_punycode();
    function Url2() {
      this.protocol = null, this.slashes = null, this.auth = null, this.host = null, this.port = null, this.hostname = null, this.hash = null, this.search = null, this.query = null, this.pathname = null, this.path = null, this.href = null;
    }
    var protocolPattern = /^([a-z0-9.+-]+:)/i, portPattern = /:[0-9]*$/, simplePathPattern = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/, delims = [
      "<",
      ">",
      '"',
      "`",
      " ",
      "\r",
      `
`,
      "	"
    ], unwise = [
      "{",
      "}",
      "|",
      "\\",
      "^",
      "`"
    ].concat(delims), autoEscape = ["'"].concat(unwise), nonHostChars = [
      "%",
      "/",
      "?",
      ";",
      "#"
    ].concat(autoEscape), hostEndingChars = [
      "/",
      "?",
      "#"
    ], hostnameMaxLen = 255, hostnamePartPattern = /^[+a-z0-9A-Z_-]{0,63}$/, hostnamePartStart = /^([+a-z0-9A-Z_-]{0,63})(.*)$/, unsafeProtocol = {
      javascript: !0,
      "javascript:": !0
    }, hostlessProtocol = {
      javascript: !0,
      "javascript:": !0
    }, slashedProtocol = {
      http: !0,
      https: !0,
      ftp: !0,
      gopher: !0,
      file: !0,
      "http:": !0,
      "https:": !0,
      "ftp:": !0,
      "gopher:": !0,
      "file:": !0
    }, querystring = require_node_querystring();
    function urlParse(url, parseQueryString, slashesDenoteHost) {
      if (url && typeof url == "object" && url instanceof Url2)
        return url;
      var u = new Url2();
      return u.parse(url, parseQueryString, slashesDenoteHost), u;
    }
    Url2.prototype.parse = function(url, parseQueryString, slashesDenoteHost) {
      if (typeof url != "string")
        throw new TypeError("Parameter 'url' must be a string, not " + typeof url);
      var queryIndex = url.indexOf("?"), splitter = queryIndex !== -1 && queryIndex < url.indexOf("#") ? "?" : "#", uSplit = url.split(splitter), slashRegex = /\\/g;
      uSplit[0] = uSplit[0].replace(slashRegex, "/"), url = uSplit.join(splitter);
      var rest = url;
      if (rest = rest.trim(), !slashesDenoteHost && url.split("#").length === 1) {
        var simplePath = simplePathPattern.exec(rest);
        if (simplePath)
          return this.path = rest, this.href = rest, this.pathname = simplePath[1], simplePath[2] ? (this.search = simplePath[2], parseQueryString ? this.query = querystring.parse(this.search.substr(1)) : this.query = this.search.substr(1)) : parseQueryString && (this.search = "", this.query = {}), this;
      }
      var proto = protocolPattern.exec(rest);
      if (proto) {
        proto = proto[0];
        var lowerProto = proto.toLowerCase();
        this.protocol = lowerProto, rest = rest.substr(proto.length);
      }
      if (slashesDenoteHost || proto || rest.match(/^\/\/[^@/]+@[^@/]+/)) {
        var slashes = rest.substr(0, 2) === "//";
        slashes && !(proto && hostlessProtocol[proto]) && (rest = rest.substr(2), this.slashes = !0);
      }
      if (!hostlessProtocol[proto] && (slashes || proto && !slashedProtocol[proto])) {
        for (var hostEnd = -1, i = 0; i < hostEndingChars.length; i++) {
          var hec = rest.indexOf(hostEndingChars[i]);
          hec !== -1 && (hostEnd === -1 || hec < hostEnd) && (hostEnd = hec);
        }
        var auth, atSign;
        hostEnd === -1 ? atSign = rest.lastIndexOf("@") : atSign = rest.lastIndexOf("@", hostEnd), atSign !== -1 && (auth = rest.slice(0, atSign), rest = rest.slice(atSign + 1), this.auth = decodeURIComponent(auth)), hostEnd = -1;
        for (var i = 0; i < nonHostChars.length; i++) {
          var hec = rest.indexOf(nonHostChars[i]);
          hec !== -1 && (hostEnd === -1 || hec < hostEnd) && (hostEnd = hec);
        }
        hostEnd === -1 && (hostEnd = rest.length), this.host = rest.slice(0, hostEnd), rest = rest.slice(hostEnd), this.parseHost(), this.hostname = this.hostname || "";
        var ipv6Hostname = this.hostname[0] === "[" && this.hostname[this.hostname.length - 1] === "]";
        if (!ipv6Hostname)
          for (var hostparts = this.hostname.split(/\./), i = 0, l = hostparts.length; i < l; i++) {
            var part = hostparts[i];
            if (part && !part.match(hostnamePartPattern)) {
              for (var newpart = "", j = 0, k = part.length; j < k; j++)
                part.charCodeAt(j) > 127 ? newpart += "x" : newpart += part[j];
              if (!newpart.match(hostnamePartPattern)) {
                var validParts = hostparts.slice(0, i), notHost = hostparts.slice(i + 1), bit = part.match(hostnamePartStart);
                bit && (validParts.push(bit[1]), notHost.unshift(bit[2])), notHost.length && (rest = "/" + notHost.join(".") + rest), this.hostname = validParts.join(".");
                break;
              }
            }
          }
        this.hostname.length > hostnameMaxLen ? this.hostname = "" : this.hostname = this.hostname.toLowerCase(), ipv6Hostname || (this.hostname = punycode.toASCII(this.hostname));
        var p = this.port ? ":" + this.port : "", h = this.hostname || "";
        this.host = h + p, this.href += this.host, ipv6Hostname && (this.hostname = this.hostname.substr(1, this.hostname.length - 2), rest[0] !== "/" && (rest = "/" + rest));
      }
      if (!unsafeProtocol[lowerProto])
        for (var i = 0, l = autoEscape.length; i < l; i++) {
          var ae = autoEscape[i];
          if (rest.indexOf(ae) !== -1) {
            var esc = encodeURIComponent(ae);
            esc === ae && (esc = escape(ae)), rest = rest.split(ae).join(esc);
          }
        }
      var hash = rest.indexOf("#");
      hash !== -1 && (this.hash = rest.substr(hash), rest = rest.slice(0, hash));
      var qm = rest.indexOf("?");
      if (qm !== -1 ? (this.search = rest.substr(qm), this.query = rest.substr(qm + 1), parseQueryString && (this.query = querystring.parse(this.query)), rest = rest.slice(0, qm)) : parseQueryString && (this.search = "", this.query = {}), rest && (this.pathname = rest), slashedProtocol[lowerProto] && this.hostname && !this.pathname && (this.pathname = "/"), this.pathname || this.search) {
        var p = this.pathname || "", s = this.search || "";
        this.path = p + s;
      }
      return this.href = this.format(), this;
    };
    function urlFormat(obj) {
      return typeof obj == "string" && (obj = urlParse(obj)), obj instanceof Url2 ? obj.format() : Url2.prototype.format.call(obj);
    }
    Url2.prototype.format = function() {
      var auth = this.auth || "";
      auth && (auth = encodeURIComponent(auth), auth = auth.replace(/%3A/i, ":"), auth += "@");
      var protocol = this.protocol || "", pathname = this.pathname || "", hash = this.hash || "", host = !1, query = "";
      this.host ? host = auth + this.host : this.hostname && (host = auth + (this.hostname.indexOf(":") === -1 ? this.hostname : "[" + this.hostname + "]"), this.port && (host += ":" + this.port)), this.query && typeof this.query == "object" && Object.keys(this.query).length && (query = querystring.stringify(this.query, {
        arrayFormat: "repeat",
        addQueryPrefix: !1
      }));
      var search = this.search || query && "?" + query || "";
      return protocol && protocol.substr(-1) !== ":" && (protocol += ":"), this.slashes || (!protocol || slashedProtocol[protocol]) && host !== !1 ? (host = "//" + (host || ""), pathname && pathname.charAt(0) !== "/" && (pathname = "/" + pathname)) : host || (host = ""), hash && hash.charAt(0) !== "#" && (hash = "#" + hash), search && search.charAt(0) !== "?" && (search = "?" + search), pathname = pathname.replace(/[?#]/g, function(match) {
        return encodeURIComponent(match);
      }), search = search.replace("#", "%23"), protocol + host + pathname + search + hash;
    };
    function urlResolve(source, relative) {
      return urlParse(source, !1, !0).resolve(relative);
    }
    Url2.prototype.resolve = function(relative) {
      return this.resolveObject(urlParse(relative, !1, !0)).format();
    };
    function urlResolveObject(source, relative) {
      return source ? urlParse(source, !1, !0).resolveObject(relative) : relative;
    }
    Url2.prototype.resolveObject = function(relative) {
      if (typeof relative == "string") {
        var rel = new Url2();
        rel.parse(relative, !1, !0), relative = rel;
      }
      for (var result = new Url2(), tkeys = Object.keys(this), tk = 0; tk < tkeys.length; tk++) {
        var tkey = tkeys[tk];
        result[tkey] = this[tkey];
      }
      if (result.hash = relative.hash, relative.href === "")
        return result.href = result.format(), result;
      if (relative.slashes && !relative.protocol) {
        for (var rkeys = Object.keys(relative), rk = 0; rk < rkeys.length; rk++) {
          var rkey = rkeys[rk];
          rkey !== "protocol" && (result[rkey] = relative[rkey]);
        }
        return slashedProtocol[result.protocol] && result.hostname && !result.pathname && (result.pathname = "/", result.path = result.pathname), result.href = result.format(), result;
      }
      if (relative.protocol && relative.protocol !== result.protocol) {
        if (!slashedProtocol[relative.protocol]) {
          for (var keys = Object.keys(relative), v = 0; v < keys.length; v++) {
            var k = keys[v];
            result[k] = relative[k];
          }
          return result.href = result.format(), result;
        }
        if (result.protocol = relative.protocol, !relative.host && !hostlessProtocol[relative.protocol]) {
          for (var relPath = (relative.pathname || "").split("/"); relPath.length && !(relative.host = relPath.shift()); )
            ;
          relative.host || (relative.host = ""), relative.hostname || (relative.hostname = ""), relPath[0] !== "" && relPath.unshift(""), relPath.length < 2 && relPath.unshift(""), result.pathname = relPath.join("/");
        } else
          result.pathname = relative.pathname;
        if (result.search = relative.search, result.query = relative.query, result.host = relative.host || "", result.auth = relative.auth, result.hostname = relative.hostname || relative.host, result.port = relative.port, result.pathname || result.search) {
          var p = result.pathname || "", s = result.search || "";
          result.path = p + s;
        }
        return result.slashes = result.slashes || relative.slashes, result.href = result.format(), result;
      }
      var isSourceAbs = result.pathname && result.pathname.charAt(0) === "/", isRelAbs = relative.host || relative.pathname && relative.pathname.charAt(0) === "/", mustEndAbs = isRelAbs || isSourceAbs || result.host && relative.pathname, removeAllDots = mustEndAbs, srcPath = result.pathname && result.pathname.split("/") || [], relPath = relative.pathname && relative.pathname.split("/") || [], psychotic = result.protocol && !slashedProtocol[result.protocol];
      if (psychotic && (result.hostname = "", result.port = null, result.host && (srcPath[0] === "" ? srcPath[0] = result.host : srcPath.unshift(result.host)), result.host = "", relative.protocol && (relative.hostname = null, relative.port = null, relative.host && (relPath[0] === "" ? relPath[0] = relative.host : relPath.unshift(relative.host)), relative.host = null), mustEndAbs = mustEndAbs && (relPath[0] === "" || srcPath[0] === "")), isRelAbs)
        result.host = relative.host || relative.host === "" ? relative.host : result.host, result.hostname = relative.hostname || relative.hostname === "" ? relative.hostname : result.hostname, result.search = relative.search, result.query = relative.query, srcPath = relPath;
      else if (relPath.length)
        srcPath || (srcPath = []), srcPath.pop(), srcPath = srcPath.concat(relPath), result.search = relative.search, result.query = relative.query;
      else if (relative.search != null) {
        if (psychotic) {
          result.host = srcPath.shift(), result.hostname = result.host;
          var authInHost = result.host && result.host.indexOf("@") > 0 ? result.host.split("@") : !1;
          authInHost && (result.auth = authInHost.shift(), result.hostname = authInHost.shift(), result.host = result.hostname);
        }
        return result.search = relative.search, result.query = relative.query, (result.pathname !== null || result.search !== null) && (result.path = (result.pathname ? result.pathname : "") + (result.search ? result.search : "")), result.href = result.format(), result;
      }
      if (!srcPath.length)
        return result.pathname = null, result.search ? result.path = "/" + result.search : result.path = null, result.href = result.format(), result;
      for (var last = srcPath.slice(-1)[0], hasTrailingSlash = (result.host || relative.host || srcPath.length > 1) && (last === "." || last === "..") || last === "", up = 0, i = srcPath.length; i >= 0; i--)
        last = srcPath[i], last === "." ? srcPath.splice(i, 1) : last === ".." ? (srcPath.splice(i, 1), up++) : up && (srcPath.splice(i, 1), up--);
      if (!mustEndAbs && !removeAllDots)
        for (; up--; up)
          srcPath.unshift("..");
      mustEndAbs && srcPath[0] !== "" && (!srcPath[0] || srcPath[0].charAt(0) !== "/") && srcPath.unshift(""), hasTrailingSlash && srcPath.join("/").substr(-1) !== "/" && srcPath.push("");
      var isAbsolute = srcPath[0] === "" || srcPath[0] && srcPath[0].charAt(0) === "/";
      if (psychotic) {
        result.hostname = isAbsolute ? "" : srcPath.length ? srcPath.shift() : "", result.host = result.hostname;
        var authInHost = result.host && result.host.indexOf("@") > 0 ? result.host.split("@") : !1;
        authInHost && (result.auth = authInHost.shift(), result.hostname = authInHost.shift(), result.host = result.hostname);
      }
      return mustEndAbs = mustEndAbs || result.host && srcPath.length, mustEndAbs && !isAbsolute && srcPath.unshift(""), srcPath.length > 0 ? result.pathname = srcPath.join("/") : (result.pathname = null, result.path = null), (result.pathname !== null || result.search !== null) && (result.path = (result.pathname ? result.pathname : "") + (result.search ? result.search : "")), result.auth = relative.auth || result.auth, result.slashes = result.slashes || relative.slashes, result.href = result.format(), result;
    };
    Url2.prototype.parseHost = function() {
      var host = this.host, port = portPattern.exec(host);
      port && (port = port[0], port !== ":" && (this.port = port.substr(1)), host = host.substr(0, host.length - port.length)), host && (this.hostname = host);
    };
    exports.parse = urlParse;
    exports.resolve = urlResolve;
    exports.resolveObject = urlResolveObject;
    exports.format = urlFormat;
    exports.Url = Url2;
  }
});

// url.js
var import_url = __toESM(require_url());
var export_Url = import_url.Url;
var export_format = import_url.format;
var export_parse = import_url.parse;
var export_resolve = import_url.resolve;
var export_resolveObject = import_url.resolveObject;
export {
  export_Url as Url,
  export_format as format,
  export_parse as parse,
  export_resolve as resolve,
  export_resolveObject as resolveObject
};
