// Generated from punycode 2.3.1 (see LICENSES.md): `just node-modules`.
var regexPunycode = /^xn--/, regexNonASCII = /[^\0-\x7F]/, regexSeparators = /[\x2E\u3002\uFF0E\uFF61]/g, errors = {
  overflow: "Overflow: input needs wider integers to process",
  "not-basic": "Illegal input >= 0x80 (not a basic code point)",
  "invalid-input": "Invalid input"
}, baseMinusTMin = 35, floor = Math.floor, stringFromCharCode = String.fromCharCode;
function error(type) {
  throw new RangeError(errors[type]);
}
function map(array, callback) {
  let result = [], length = array.length;
  for (; length--; )
    result[length] = callback(array[length]);
  return result;
}
function mapDomain(domain, callback) {
  let parts = domain.split("@"), result = "";
  parts.length > 1 && (result = parts[0] + "@", domain = parts[1]), domain = domain.replace(regexSeparators, ".");
  let labels = domain.split("."), encoded = map(labels, callback).join(".");
  return result + encoded;
}
function ucs2decode(string) {
  let output = [], counter = 0, length = string.length;
  for (; counter < length; ) {
    let value = string.charCodeAt(counter++);
    if (value >= 55296 && value <= 56319 && counter < length) {
      let extra = string.charCodeAt(counter++);
      (extra & 64512) == 56320 ? output.push(((value & 1023) << 10) + (extra & 1023) + 65536) : (output.push(value), counter--);
    } else
      output.push(value);
  }
  return output;
}
var ucs2encode = (codePoints) => String.fromCodePoint(...codePoints), basicToDigit = function(codePoint) {
  return codePoint >= 48 && codePoint < 58 ? 26 + (codePoint - 48) : codePoint >= 65 && codePoint < 91 ? codePoint - 65 : codePoint >= 97 && codePoint < 123 ? codePoint - 97 : 36;
}, digitToBasic = function(digit, flag) {
  return digit + 22 + 75 * (digit < 26) - ((flag != 0) << 5);
}, adapt = function(delta, numPoints, firstTime) {
  let k = 0;
  for (delta = firstTime ? floor(delta / 700) : delta >> 1, delta += floor(delta / numPoints); delta > baseMinusTMin * 26 >> 1; k += 36)
    delta = floor(delta / baseMinusTMin);
  return floor(k + (baseMinusTMin + 1) * delta / (delta + 38));
}, decode = function(input) {
  let output = [], inputLength = input.length, i = 0, n = 128, bias = 72, basic = input.lastIndexOf("-");
  basic < 0 && (basic = 0);
  for (let j = 0; j < basic; ++j)
    input.charCodeAt(j) >= 128 && error("not-basic"), output.push(input.charCodeAt(j));
  for (let index = basic > 0 ? basic + 1 : 0; index < inputLength; ) {
    let oldi = i;
    for (let w = 1, k = 36; ; k += 36) {
      index >= inputLength && error("invalid-input");
      let digit = basicToDigit(input.charCodeAt(index++));
      digit >= 36 && error("invalid-input"), digit > floor((2147483647 - i) / w) && error("overflow"), i += digit * w;
      let t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
      if (digit < t)
        break;
      let baseMinusT = 36 - t;
      w > floor(2147483647 / baseMinusT) && error("overflow"), w *= baseMinusT;
    }
    let out = output.length + 1;
    bias = adapt(i - oldi, out, oldi == 0), floor(i / out) > 2147483647 - n && error("overflow"), n += floor(i / out), i %= out, output.splice(i++, 0, n);
  }
  return String.fromCodePoint(...output);
}, encode = function(input) {
  let output = [];
  input = ucs2decode(input);
  let inputLength = input.length, n = 128, delta = 0, bias = 72;
  for (let currentValue of input)
    currentValue < 128 && output.push(stringFromCharCode(currentValue));
  let basicLength = output.length, handledCPCount = basicLength;
  for (basicLength && output.push("-"); handledCPCount < inputLength; ) {
    let m = 2147483647;
    for (let currentValue of input)
      currentValue >= n && currentValue < m && (m = currentValue);
    let handledCPCountPlusOne = handledCPCount + 1;
    m - n > floor((2147483647 - delta) / handledCPCountPlusOne) && error("overflow"), delta += (m - n) * handledCPCountPlusOne, n = m;
    for (let currentValue of input)
      if (currentValue < n && ++delta > 2147483647 && error("overflow"), currentValue === n) {
        let q = delta;
        for (let k = 36; ; k += 36) {
          let t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
          if (q < t)
            break;
          let qMinusT = q - t, baseMinusT = 36 - t;
          output.push(
            stringFromCharCode(digitToBasic(t + qMinusT % baseMinusT, 0))
          ), q = floor(qMinusT / baseMinusT);
        }
        output.push(stringFromCharCode(digitToBasic(q, 0))), bias = adapt(delta, handledCPCountPlusOne, handledCPCount === basicLength), delta = 0, ++handledCPCount;
      }
    ++delta, ++n;
  }
  return output.join("");
}, toUnicode = function(input) {
  return mapDomain(input, function(string) {
    return regexPunycode.test(string) ? decode(string.slice(4).toLowerCase()) : string;
  });
}, toASCII = function(input) {
  return mapDomain(input, function(string) {
    return regexNonASCII.test(string) ? "xn--" + encode(string) : string;
  });
}, punycode = {
  /**
   * A string representing the current Punycode.js version number.
   * @memberOf punycode
   * @type String
   */
  version: "2.3.1",
  /**
   * An object of methods to convert from JavaScript's internal character
   * representation (UCS-2) to Unicode code points, and back.
   * @see <https://mathiasbynens.be/notes/javascript-encoding>
   * @memberOf punycode
   * @type Object
   */
  ucs2: {
    decode: ucs2decode,
    encode: ucs2encode
  },
  decode,
  encode,
  toASCII,
  toUnicode
};
var punycode_es6_default = punycode;
export {
  decode,
  punycode_es6_default as default,
  encode,
  toASCII,
  toUnicode,
  ucs2decode,
  ucs2encode
};
