// Models what servers do with regular expressions: reading logs, routes, numbers, markup and mixed-script
// text. The text is generated; each task goes over it with one style of use, and what it finds enters the
// checksum.
//
// Exercises: the regular expression engine (backtracking, captures, look-around, sticky and Unicode modes),
// string slices, callbacks from `replace`.

globalThis.bench = (() => {
  'use strict';

  const LINE_COUNT = 400;

  const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
  const PATHS = ['/users/:id', '/orders/:id/items', '/search', '/files/:id/versions/:id', '/health'];
  const WORDS = ['retry', 'peer', 'cache', 'timeout', 'Straße', 'naïve', 'дерево', 'λόγος', '数据', 'crab 🦀'];
  const TAGS = ['b', 'em', 'code', 'span'];

  function makeRandom(seed) {
    let state = seed;
    return (limit) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state >>> 8) % limit;
    };
  }

  function makeLine(random) {
    const pad = (number, width) => String(number).padStart(width, '0');
    const date = `2025-${pad(1 + random(12), 2)}-${pad(1 + random(28), 2)}`;
    const time = `${date}T${pad(random(24), 2)}:${pad(random(60), 2)}:00Z`;
    const path = PATHS[random(PATHS.length)].replace(/:id/g, () => String(random(100000)));
    const query = random(3) === 0 ? `?q=${WORDS[random(3)]}%20${random(50)}&page=${random(9)}` : '';
    const address = `${random(256)}.${random(256)}.${random(256)}.${random(300)}`;
    const tag = TAGS[random(TAGS.length)];
    const phrase = `${WORDS[random(WORDS.length)]} ${WORDS[random(WORDS.length)]}`;
    return (
      `${time} ${LEVELS[random(4)]} [worker-${random(16)}] ${address} "GET ${path}${query}" ` +
      `took=${random(4000)}ms bytes=${random(10000000)} price=${random(2000)}.${pad(random(100), 2)} ` +
      `user.name_${random(99)}@mail${random(9)}.example.org ` +
      `<${tag} class="c${random(5)}">${phrase}</${tag}> fooBarBaz${random(9)} ` +
      `"quoted \\"text\\" ${random(100)}", a,,"b;c",${random(10)}`
    );
  }

  class Digest {
    constructor() {
      this.hash = 2166136261;
    }

    add(text) {
      let { hash } = this;
      // A few characters and the length tell results apart at little cost beside the matching.
      for (let i = 0; i < text.length; i += 1 + (text.length >> 3)) {
        hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
      }
      this.hash = Math.imul(hash ^ text.length, 16777619) >>> 0;
    }

    addCount(count) {
      this.hash = Math.imul(this.hash ^ count, 16777619) >>> 0;
    }
  }

  const TOKEN_KINDS = [/\s+/y, /[A-Za-z_]\w*/y, /\d+(?:\.\d+)?/y, /"(?:[^"\\]|\\.)*"/y, /[^\s\w"]/y, /./suy];

  const TASKS = [
    function parseFieldsWithNamedGroups(lines, digest) {
      const row = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T\S+ (?<level>[A-Z]+) \[(?<worker>[^\]]+)\]/;
      for (const line of lines) {
        const { year, month, day, level, worker } = row.exec(line).groups;
        digest.add(`${day}.${month}.${year} ${level} ${worker}`);
      }
    },

    function matchAddressesWithBackreferencesAndBounds(lines, digest) {
      const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
      const address = new RegExp(`\\b${octet}(?:\\.${octet}){3}\\b`);
      const doubled = /(\d)\1/g;
      for (const line of lines) {
        digest.addCount(address.test(line) ? line.match(address).index : 0);
        digest.addCount((line.match(doubled) ?? []).length);
      }
    },

    function rewriteWithFunction(lines, digest) {
      for (const line of lines) {
        const doubled = line.replace(/(\w+)=(\d+)/g, (whole, key, value) => `${key}=${Number(value) * 2}`);
        digest.add(doubled.replace(/([a-z])([A-Z])/g, (whole, low, high) => `${low}_${high.toLowerCase()}`));
      }
    },

    function rewriteWithTemplate(lines, digest) {
      for (const line of lines) {
        const swapped = line.replace(/([\w.]+)@([\w.]+)/g, '$2 at $1 [$&]');
        digest.add(swapped.replace(/<(\w+)[^>]*>(.*?)<\/\1>/gu, '{$1:$2}'));
      }
    },

    function splitOutsideQuotes(lines, digest) {
      for (const line of lines) {
        const fields = line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
        digest.addCount(fields.length);
        digest.add(fields[fields.length - 1]);
        digest.addCount(line.split(/\s*[=;:]\s*/).length);
      }
    },

    function groupDigitsWithLookAround(lines, digest) {
      for (const line of lines) {
        digest.add(line.replace(/(?<=\d)(?=(?:\d{3})+(?!\d))/g, ','));
        digest.addCount((line.match(/(?<!\.)\b\d+\b(?!\.)/g) ?? []).length);
      }
    },

    function decodeQueries(lines, digest) {
      const fromHex = (whole, hex) => String.fromCharCode(parseInt(hex, 16));
      for (const line of lines) {
        for (const [, key, value] of line.matchAll(/[?&]([^=&\s"]+)=([^&\s"]*)/g)) {
          digest.add(`${key} ${value.replace(/%([0-9A-F]{2})/gi, fromHex)}`);
        }
      }
    },

    function tokenizeWithStickyExpressions(lines, digest) {
      for (const line of lines.slice(0, LINE_COUNT >> 1)) {
        let position = 0;
        while (position < line.length) {
          for (let kind = 0; kind < TOKEN_KINDS.length; kind++) {
            const expression = TOKEN_KINDS[kind];
            expression.lastIndex = position;
            if (!expression.test(line)) continue;
            position = expression.lastIndex;
            digest.addCount(kind);
            break;
          }
        }
      }
    },

    function findWordsOfManyScripts(lines, digest) {
      for (const line of lines) {
        for (const word of line.match(/\p{L}[\p{L}\p{M}]+/gu) ?? []) digest.addCount(word.length);
        digest.addCount((line.match(/\p{Script=Cyrillic}+|\p{Script=Greek}+|[一-龥]+/gu) ?? []).length);
        digest.add(line.replace(/[\u{1F300}-\u{1FAFF}]/gu, (crab) => `U+${crab.codePointAt(0)}`));
      }
    },

    function ignoreCaseAndBacktrack(lines, digest) {
      const text = lines.slice(0, LINE_COUNT >> 2).join('\n');
      digest.addCount((text.match(/\b(?:straße|ERROR|ΛΌΓΟΣ|Naïve)\b|дЕРЕво/giu) ?? []).length);
      digest.addCount((text.match(/^.*\bcache\b.*\btimeout\b.*$|^.*?WARN.*?retry.*?$/gm) ?? []).length);
      digest.addCount((text.match(/(?:[a-z]+[0-9]+)*[a-z0-9]*Baz[0-9]/gi) ?? []).length);
    },
  ];

  function run() {
    const random = makeRandom(77340211);
    const lines = Array.from({ length: LINE_COUNT }, () => makeLine(random));
    const digest = new Digest();
    for (const task of TASKS) {
      task(lines, digest);
      digest.addCount(LINE_COUNT);
    }
    return digest.hash.toString(16);
  }

  return { name: 'regexp', run, expected: '3d8c73de' };
})();
