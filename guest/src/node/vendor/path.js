// Generated from bare-path 3.1.3 (see LICENSES.md): `just node-modules`.
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

var working_folder_exports = {};
__export(working_folder_exports, {
  default: () => default2
});
import { default as default2 } from "node:internal/working-folder";
var init_working_folder = __esm({
  "import:node:internal/working-folder"() {
  }
});

var require_working_folder = __commonJS({
  "require:node:internal/working-folder"(exports, module) {
    module.exports = (init_working_folder(), __toCommonJS(working_folder_exports)).default;
  }
});

var require_constants = __commonJS({
  "node_modules/bare-path/lib/constants.js"(exports, module) {
    module.exports = {
      CHAR_UPPERCASE_A: 65,
      CHAR_LOWERCASE_A: 97,
      CHAR_UPPERCASE_Z: 90,
      CHAR_LOWERCASE_Z: 122,
      CHAR_DOT: 46,
      CHAR_FORWARD_SLASH: 47,
      CHAR_BACKWARD_SLASH: 92,
      CHAR_COLON: 58,
      CHAR_QUESTION_MARK: 63
    };
  }
});

var require_shared = __commonJS({
  "node_modules/bare-path/lib/shared.js"(exports) {
    var { CHAR_DOT, CHAR_FORWARD_SLASH } = require_constants();
    exports.validateString = function(value, name) {
      if (typeof value != "string")
        throw new TypeError(
          `The "${name}" argument must be of type string. Received type ${typeof value}`
        );
    };
    exports.normalizeString = function(path, allowAboveRoot, separator, isPathSeparator) {
      let res = "", lastSegmentLength = 0, lastSlash = -1, dots = 0, code = 0;
      for (let i = 0; i <= path.length; ++i) {
        if (i < path.length)
          code = path.charCodeAt(i);
        else {
          if (isPathSeparator(code))
            break;
          code = CHAR_FORWARD_SLASH;
        }
        if (isPathSeparator(code)) {
          if (!(lastSlash === i - 1 || dots === 1)) if (dots === 2) {
            if (res.length < 2 || lastSegmentLength !== 2 || res.charCodeAt(res.length - 1) !== CHAR_DOT || res.charCodeAt(res.length - 2) !== CHAR_DOT) {
              if (res.length > 2) {
                let lastSlashIndex = res.lastIndexOf(separator);
                lastSlashIndex === -1 ? (res = "", lastSegmentLength = 0) : (res = res.substring(0, lastSlashIndex), lastSegmentLength = res.length - 1 - res.lastIndexOf(separator)), lastSlash = i, dots = 0;
                continue;
              } else if (res.length !== 0) {
                res = "", lastSegmentLength = 0, lastSlash = i, dots = 0;
                continue;
              }
            }
            allowAboveRoot && (res += res.length > 0 ? `${separator}..` : "..", lastSegmentLength = 2);
          } else
            res.length > 0 ? res += `${separator}${path.substring(lastSlash + 1, i)}` : res = path.substring(lastSlash + 1, i), lastSegmentLength = i - lastSlash - 1;
          lastSlash = i, dots = 0;
        } else code === CHAR_DOT && dots !== -1 ? ++dots : dots = -1;
      }
      return res;
    };
  }
});

var require_win32 = __commonJS({
  "node_modules/bare-path/lib/win32.js"(exports) {
    var binding = require_working_folder(), { normalizeString, validateString } = require_shared(), {
      CHAR_UPPERCASE_A,
      CHAR_LOWERCASE_A,
      CHAR_UPPERCASE_Z,
      CHAR_LOWERCASE_Z,
      CHAR_DOT,
      CHAR_FORWARD_SLASH,
      CHAR_BACKWARD_SLASH,
      CHAR_COLON,
      CHAR_QUESTION_MARK
    } = require_constants();
    function isWindowsPathSeparator(code) {
      return code === CHAR_FORWARD_SLASH || code === CHAR_BACKWARD_SLASH;
    }
    function isWindowsDeviceRoot(code) {
      return code >= CHAR_UPPERCASE_A && code <= CHAR_UPPERCASE_Z || code >= CHAR_LOWERCASE_A && code <= CHAR_LOWERCASE_Z;
    }
    exports.posix = require_posix();
    exports.win32 = exports;
    exports.sep = "\\";
    exports.delimiter = ";";
    exports.resolve = function(...args) {
      let resolvedDevice = "", resolvedTail = "", resolvedAbsolute = !1;
      for (let i = args.length - 1; i >= -1; i--) {
        let path;
        if (i >= 0) {
          if (path = args[i], validateString(path, `paths[${i}]`), path.length === 0) continue;
        } else resolvedDevice.length === 0 ? path = binding.cwd() : (path = binding.cwd(resolvedDevice), (path === void 0 || path.substring(0, 2).toLowerCase() !== resolvedDevice.toLowerCase() && path.charCodeAt(2) === CHAR_BACKWARD_SLASH) && (path = `${resolvedDevice}\\`));
        let len = path.length, rootEnd = 0, device = "", isAbsolute = !1, code = path.charCodeAt(0);
        if (len === 1)
          isWindowsPathSeparator(code) && (rootEnd = 1, isAbsolute = !0);
        else if (isWindowsPathSeparator(code))
          if (isAbsolute = !0, isWindowsPathSeparator(path.charCodeAt(1))) {
            let j = 2, last = j;
            for (; j < len && !isWindowsPathSeparator(path.charCodeAt(j)); )
              j++;
            if (j < len && j !== last) {
              let firstPart = path.substring(last, j);
              for (last = j; j < len && isWindowsPathSeparator(path.charCodeAt(j)); )
                j++;
              if (j < len && j !== last) {
                for (last = j; j < len && !isWindowsPathSeparator(path.charCodeAt(j)); )
                  j++;
                (j === len || j !== last) && (device = `\\\\${firstPart}\\${path.substring(last, j)}`, rootEnd = j);
              }
            }
          } else
            rootEnd = 1;
        else isWindowsDeviceRoot(code) && path.charCodeAt(1) === CHAR_COLON && (device = path.substring(0, 2), rootEnd = 2, len > 2 && isWindowsPathSeparator(path.charCodeAt(2)) && (isAbsolute = !0, rootEnd = 3));
        if (device.length > 0)
          if (resolvedDevice.length > 0) {
            if (device.toLowerCase() !== resolvedDevice.toLowerCase())
              continue;
          } else
            resolvedDevice = device;
        if (resolvedAbsolute) {
          if (resolvedDevice.length > 0)
            break;
        } else if (resolvedTail = `${path.substring(rootEnd)}\\${resolvedTail}`, resolvedAbsolute = isAbsolute, isAbsolute && resolvedDevice.length > 0)
          break;
      }
      return resolvedTail = normalizeString(resolvedTail, !resolvedAbsolute, "\\", isWindowsPathSeparator), resolvedAbsolute ? `${resolvedDevice}\\${resolvedTail}` : `${resolvedDevice}${resolvedTail}` || ".";
    };
    exports.normalize = function(path) {
      validateString(path, "path");
      let len = path.length;
      if (len === 0) return ".";
      let rootEnd = 0, device, isAbsolute = !1, code = path.charCodeAt(0);
      if (len === 1)
        return code === CHAR_FORWARD_SLASH ? "\\" : path;
      if (isWindowsPathSeparator(code))
        if (isAbsolute = !0, isWindowsPathSeparator(path.charCodeAt(1))) {
          let j = 2, last = j;
          for (; j < len && !isWindowsPathSeparator(path.charCodeAt(j)); )
            j++;
          if (j < len && j !== last) {
            let firstPart = path.substring(last, j);
            for (last = j; j < len && isWindowsPathSeparator(path.charCodeAt(j)); )
              j++;
            if (j < len && j !== last) {
              for (last = j; j < len && !isWindowsPathSeparator(path.charCodeAt(j)); )
                j++;
              if (j === len)
                return `\\\\${firstPart}\\${path.substring(last)}\\`;
              j !== last && (device = `\\\\${firstPart}\\${path.substring(last, j)}`, rootEnd = j);
            }
          }
        } else
          rootEnd = 1;
      else isWindowsDeviceRoot(code) && path.charCodeAt(1) === CHAR_COLON && (device = path.substring(0, 2), rootEnd = 2, len > 2 && isWindowsPathSeparator(path.charCodeAt(2)) && (isAbsolute = !0, rootEnd = 3));
      let tail = rootEnd < len ? normalizeString(path.substring(rootEnd), !isAbsolute, "\\", isWindowsPathSeparator) : "";
      return tail.length === 0 && !isAbsolute && (tail = "."), tail.length > 0 && isWindowsPathSeparator(path.charCodeAt(len - 1)) && (tail += "\\"), device === void 0 ? isAbsolute ? `\\${tail}` : tail : isAbsolute ? `${device}\\${tail}` : `${device}${tail}`;
    };
    exports.isAbsolute = function(path) {
      validateString(path, "path");
      let len = path.length;
      if (len === 0) return !1;
      let code = path.charCodeAt(0);
      return isWindowsPathSeparator(code) || len > 2 && isWindowsDeviceRoot(code) && path.charCodeAt(1) === CHAR_COLON && isWindowsPathSeparator(path.charCodeAt(2));
    };
    exports.join = function(...args) {
      if (args.length === 0) return ".";
      let joined, firstPart;
      for (let i = 0; i < args.length; ++i) {
        let arg = args[i];
        validateString(arg, "path"), arg.length > 0 && (joined === void 0 ? joined = firstPart = arg : joined += `\\${arg}`);
      }
      if (joined === void 0) return ".";
      let needsReplace = !0, slashCount = 0;
      if (isWindowsPathSeparator(firstPart.charCodeAt(0))) {
        ++slashCount;
        let firstLen = firstPart.length;
        firstLen > 1 && isWindowsPathSeparator(firstPart.charCodeAt(1)) && (++slashCount, firstLen > 2 && (isWindowsPathSeparator(firstPart.charCodeAt(2)) ? ++slashCount : needsReplace = !1));
      }
      if (needsReplace) {
        for (; slashCount < joined.length && isWindowsPathSeparator(joined.charCodeAt(slashCount)); )
          slashCount++;
        slashCount >= 2 && (joined = `\\${joined.substring(slashCount)}`);
      }
      return exports.normalize(joined);
    };
    exports.relative = function(from, to) {
      if (validateString(from, "from"), validateString(to, "to"), from === to) return "";
      let fromOrig = exports.resolve(from), toOrig = exports.resolve(to);
      if (fromOrig === toOrig || (from = fromOrig.toLowerCase(), to = toOrig.toLowerCase(), from === to)) return "";
      let fromStart = 0;
      for (; fromStart < from.length && from.charCodeAt(fromStart) === CHAR_BACKWARD_SLASH; )
        fromStart++;
      let fromEnd = from.length;
      for (; fromEnd - 1 > fromStart && from.charCodeAt(fromEnd - 1) === CHAR_BACKWARD_SLASH; )
        fromEnd--;
      let fromLen = fromEnd - fromStart, toStart = 0;
      for (; toStart < to.length && to.charCodeAt(toStart) === CHAR_BACKWARD_SLASH; )
        toStart++;
      let toEnd = to.length;
      for (; toEnd - 1 > toStart && to.charCodeAt(toEnd - 1) === CHAR_BACKWARD_SLASH; )
        toEnd--;
      let toLen = toEnd - toStart, length = fromLen < toLen ? fromLen : toLen, lastCommonSep = -1, i = 0;
      for (; i < length; i++) {
        let fromCode = from.charCodeAt(fromStart + i);
        if (fromCode !== to.charCodeAt(toStart + i))
          break;
        fromCode === CHAR_BACKWARD_SLASH && (lastCommonSep = i);
      }
      if (i !== length) {
        if (lastCommonSep === -1) return toOrig;
      } else {
        if (toLen > length) {
          if (to.charCodeAt(toStart + i) === CHAR_BACKWARD_SLASH)
            return toOrig.substring(toStart + i + 1);
          if (i === 2)
            return toOrig.substring(toStart + i);
        }
        fromLen > length && (from.charCodeAt(fromStart + i) === CHAR_BACKWARD_SLASH ? lastCommonSep = i : i === 2 && (lastCommonSep = 3)), lastCommonSep === -1 && (lastCommonSep = 0);
      }
      let out = "";
      for (i = fromStart + lastCommonSep + 1; i <= fromEnd; ++i)
        (i === fromEnd || from.charCodeAt(i) === CHAR_BACKWARD_SLASH) && (out += out.length === 0 ? ".." : "\\..");
      return toStart += lastCommonSep, out.length > 0 ? `${out}${toOrig.substring(toStart, toEnd)}` : (toOrig.charCodeAt(toStart) === CHAR_BACKWARD_SLASH && ++toStart, toOrig.substring(toStart, toEnd));
    };
    exports.toNamespacedPath = function(path) {
      if (typeof path != "string" || path.length === 0) return path;
      let resolvedPath = exports.resolve(path);
      if (resolvedPath.length <= 2) return path;
      if (resolvedPath.charCodeAt(0) === CHAR_BACKWARD_SLASH) {
        if (resolvedPath.charCodeAt(1) === CHAR_BACKWARD_SLASH) {
          let code = resolvedPath.charCodeAt(2);
          if (code !== CHAR_QUESTION_MARK && code !== CHAR_DOT)
            return `\\\\?\\UNC\\${resolvedPath.substring(2)}`;
        }
      } else if (isWindowsDeviceRoot(resolvedPath.charCodeAt(0)) && resolvedPath.charCodeAt(1) === CHAR_COLON && resolvedPath.charCodeAt(2) === CHAR_BACKWARD_SLASH)
        return `\\\\?\\${resolvedPath}`;
      return path;
    };
    exports.dirname = function(path) {
      validateString(path, "path");
      let len = path.length;
      if (len === 0) return ".";
      let rootEnd = -1, offset = 0, code = path.charCodeAt(0);
      if (len === 1)
        return isWindowsPathSeparator(code) ? path : ".";
      if (isWindowsPathSeparator(code)) {
        if (rootEnd = offset = 1, isWindowsPathSeparator(path.charCodeAt(1))) {
          let j = 2, last = j;
          for (; j < len && !isWindowsPathSeparator(path.charCodeAt(j)); )
            j++;
          if (j < len && j !== last) {
            for (last = j; j < len && isWindowsPathSeparator(path.charCodeAt(j)); )
              j++;
            if (j < len && j !== last) {
              for (last = j; j < len && !isWindowsPathSeparator(path.charCodeAt(j)); )
                j++;
              if (j === len)
                return path;
              j !== last && (rootEnd = offset = j + 1);
            }
          }
        }
      } else isWindowsDeviceRoot(code) && path.charCodeAt(1) === CHAR_COLON && (rootEnd = len > 2 && isWindowsPathSeparator(path.charCodeAt(2)) ? 3 : 2, offset = rootEnd);
      let end = -1, matchedSlash = !0;
      for (let i = len - 1; i >= offset; --i)
        if (isWindowsPathSeparator(path.charCodeAt(i))) {
          if (!matchedSlash) {
            end = i;
            break;
          }
        } else
          matchedSlash = !1;
      if (end === -1) {
        if (rootEnd === -1) return ".";
        end = rootEnd;
      }
      return path.substring(0, end);
    };
    exports.basename = function(path, suffix) {
      suffix !== void 0 && validateString(suffix, "suffix"), validateString(path, "path");
      let start = 0, end = -1, matchedSlash = !0;
      if (path.length >= 2 && isWindowsDeviceRoot(path.charCodeAt(0)) && path.charCodeAt(1) === CHAR_COLON && (start = 2), suffix !== void 0 && suffix.length > 0 && suffix.length <= path.length) {
        if (suffix === path) return "";
        let extIdx = suffix.length - 1, firstNonSlashEnd = -1;
        for (let i = path.length - 1; i >= start; --i) {
          let code = path.charCodeAt(i);
          if (isWindowsPathSeparator(code)) {
            if (!matchedSlash) {
              start = i + 1;
              break;
            }
          } else
            firstNonSlashEnd === -1 && (matchedSlash = !1, firstNonSlashEnd = i + 1), extIdx >= 0 && (code === suffix.charCodeAt(extIdx) ? --extIdx === -1 && (end = i) : (extIdx = -1, end = firstNonSlashEnd));
        }
        return start === end ? end = firstNonSlashEnd : end === -1 && (end = path.length), path.substring(start, end);
      }
      for (let i = path.length - 1; i >= start; --i)
        if (isWindowsPathSeparator(path.charCodeAt(i))) {
          if (!matchedSlash) {
            start = i + 1;
            break;
          }
        } else end === -1 && (matchedSlash = !1, end = i + 1);
      return end === -1 ? "" : path.substring(start, end);
    };
    exports.extname = function(path) {
      validateString(path, "path");
      let start = 0, startDot = -1, startPart = 0, end = -1, matchedSlash = !0, preDotState = 0;
      path.length >= 2 && path.charCodeAt(1) === CHAR_COLON && isWindowsDeviceRoot(path.charCodeAt(0)) && (start = startPart = 2);
      for (let i = path.length - 1; i >= start; --i) {
        let code = path.charCodeAt(i);
        if (isWindowsPathSeparator(code)) {
          if (!matchedSlash) {
            startPart = i + 1;
            break;
          }
          continue;
        }
        end === -1 && (matchedSlash = !1, end = i + 1), code === CHAR_DOT ? startDot === -1 ? startDot = i : preDotState !== 1 && (preDotState = 1) : startDot !== -1 && (preDotState = -1);
      }
      return startDot === -1 || end === -1 || preDotState === 0 || preDotState === 1 && startDot === end - 1 && startDot === startPart + 1 ? "" : path.substring(startDot, end);
    };
  }
});

var require_posix = __commonJS({
  "node_modules/bare-path/lib/posix.js"(exports) {
    var binding = require_working_folder(), { normalizeString, validateString } = require_shared(), { CHAR_DOT, CHAR_FORWARD_SLASH } = require_constants();
    function isPosixPathSeparator(code) {
      return code === CHAR_FORWARD_SLASH;
    }
    exports.win32 = require_win32();
    exports.posix = exports;
    exports.sep = "/";
    exports.delimiter = ":";
    exports.resolve = function(...args) {
      let resolvedPath = "", resolvedAbsolute = !1;
      for (let i = args.length - 1; i >= -1 && !resolvedAbsolute; i--) {
        let path = i >= 0 ? args[i] : binding.cwd();
        i >= 0 && validateString(path, `paths[${i}]`), path.length !== 0 && (resolvedPath = `${path}/${resolvedPath}`, resolvedAbsolute = path.charCodeAt(0) === CHAR_FORWARD_SLASH);
      }
      return resolvedPath = normalizeString(resolvedPath, !resolvedAbsolute, "/", isPosixPathSeparator), resolvedAbsolute ? `/${resolvedPath}` : resolvedPath.length > 0 ? resolvedPath : ".";
    };
    exports.normalize = function(path) {
      if (validateString(path, "path"), path.length === 0) return ".";
      let isAbsolute = path.charCodeAt(0) === CHAR_FORWARD_SLASH, trailingSeparator = path.charCodeAt(path.length - 1) === CHAR_FORWARD_SLASH;
      return path = normalizeString(path, !isAbsolute, "/", isPosixPathSeparator), path.length === 0 ? isAbsolute ? "/" : trailingSeparator ? "./" : "." : (trailingSeparator && (path += "/"), isAbsolute ? `/${path}` : path);
    };
    exports.isAbsolute = function(path) {
      return validateString(path, "path"), path.length > 0 && path.charCodeAt(0) === CHAR_FORWARD_SLASH;
    };
    exports.join = function(...args) {
      if (args.length === 0) return ".";
      let joined;
      for (let i = 0; i < args.length; ++i) {
        let arg = args[i];
        validateString(arg, "path"), arg.length > 0 && (joined === void 0 ? joined = arg : joined += `/${arg}`);
      }
      return joined === void 0 ? "." : exports.normalize(joined);
    };
    exports.relative = function(from, to) {
      if (validateString(from, "from"), validateString(to, "to"), from === to || (from = exports.resolve(from), to = exports.resolve(to), from === to)) return "";
      let fromStart = 1, fromEnd = from.length, fromLen = fromEnd - fromStart, toStart = 1, toLen = to.length - toStart, length = fromLen < toLen ? fromLen : toLen, lastCommonSep = -1, i = 0;
      for (; i < length; i++) {
        let fromCode = from.charCodeAt(fromStart + i);
        if (fromCode !== to.charCodeAt(toStart + i))
          break;
        fromCode === CHAR_FORWARD_SLASH && (lastCommonSep = i);
      }
      if (i === length)
        if (toLen > length) {
          if (to.charCodeAt(toStart + i) === CHAR_FORWARD_SLASH)
            return to.substring(toStart + i + 1);
          if (i === 0)
            return to.substring(toStart + i);
        } else fromLen > length && (from.charCodeAt(fromStart + i) === CHAR_FORWARD_SLASH ? lastCommonSep = i : i === 0 && (lastCommonSep = 0));
      let out = "";
      for (i = fromStart + lastCommonSep + 1; i <= fromEnd; ++i)
        (i === fromEnd || from.charCodeAt(i) === CHAR_FORWARD_SLASH) && (out += out.length === 0 ? ".." : "/..");
      return `${out}${to.substring(toStart + lastCommonSep)}`;
    };
    exports.toNamespacedPath = function(path) {
      return path;
    };
    exports.dirname = function(path) {
      if (validateString(path, "path"), path.length === 0) return ".";
      let hasRoot = path.charCodeAt(0) === CHAR_FORWARD_SLASH, end = -1, matchedSlash = !0;
      for (let i = path.length - 1; i >= 1; --i)
        if (path.charCodeAt(i) === CHAR_FORWARD_SLASH) {
          if (!matchedSlash) {
            end = i;
            break;
          }
        } else
          matchedSlash = !1;
      return end === -1 ? hasRoot ? "/" : "." : hasRoot && end === 1 ? "//" : path.substring(0, end);
    };
    exports.basename = function(path, suffix) {
      suffix !== void 0 && validateString(suffix, "suffix"), validateString(path, "path");
      let start = 0, end = -1, matchedSlash = !0;
      if (suffix !== void 0 && suffix.length > 0 && suffix.length <= path.length) {
        if (suffix === path)
          return "";
        let extIdx = suffix.length - 1, firstNonSlashEnd = -1;
        for (let i = path.length - 1; i >= 0; --i) {
          let code = path.charCodeAt(i);
          if (code === CHAR_FORWARD_SLASH) {
            if (!matchedSlash) {
              start = i + 1;
              break;
            }
          } else
            firstNonSlashEnd === -1 && (matchedSlash = !1, firstNonSlashEnd = i + 1), extIdx >= 0 && (code === suffix.charCodeAt(extIdx) ? --extIdx === -1 && (end = i) : (extIdx = -1, end = firstNonSlashEnd));
        }
        return start === end ? end = firstNonSlashEnd : end === -1 && (end = path.length), path.substring(start, end);
      }
      for (let i = path.length - 1; i >= 0; --i)
        if (path.charCodeAt(i) === CHAR_FORWARD_SLASH) {
          if (!matchedSlash) {
            start = i + 1;
            break;
          }
        } else end === -1 && (matchedSlash = !1, end = i + 1);
      return end === -1 ? "" : path.substring(start, end);
    };
    exports.extname = function(path) {
      validateString(path, "path");
      let startDot = -1, startPart = 0, end = -1, matchedSlash = !0, preDotState = 0;
      for (let i = path.length - 1; i >= 0; --i) {
        let code = path.charCodeAt(i);
        if (code === CHAR_FORWARD_SLASH) {
          if (!matchedSlash) {
            startPart = i + 1;
            break;
          }
          continue;
        }
        end === -1 && (matchedSlash = !1, end = i + 1), code === CHAR_DOT ? startDot === -1 ? startDot = i : preDotState !== 1 && (preDotState = 1) : startDot !== -1 && (preDotState = -1);
      }
      return startDot === -1 || end === -1 || preDotState === 0 || preDotState === 1 && startDot === end - 1 && startDot === startPart + 1 ? "" : path.substring(startDot, end);
    };
  }
});

// path.js
var import_posix = __toESM(require_posix()), import_win32 = __toESM(require_win32());
var export_posix = import_posix.default;
var export_win32 = import_win32.default;
export {
  export_posix as posix,
  export_win32 as win32
};
