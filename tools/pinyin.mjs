// pinyin.mjs - makes src/people/pinyin.inc: the toneless readings of the characters U+4E00 to U+9FA5.
//
//     npm install pinyin-pro@3.29.4 && node tools/pinyin.mjs > src/people/pinyin.inc
//
// Up to four readings a character, the reading as a surname first (单 shan, 仇 qiu).  The data are
// pinyin-pro's (MIT License, Copyright (c) 2022-present zh-lx).
import { pinyin } from 'pinyin-pro';

const syllables = new Map();
const sets = new Map();
const numbers = [];
for (let point = 0x4e00; point <= 0x9fa5; point++) {
  const character = String.fromCodePoint(point);
  const readings = [
    ...pinyin(character, { toneType: 'none', type: 'array', surname: 'head' }),
    ...pinyin(character, { toneType: 'none', type: 'array', multiple: true }),
  ].filter((reading) => reading && reading !== character).map((reading) => reading.replace('ü', 'v'));
  const unique = [...new Set(readings)].slice(0, 4).map((reading) => {
    if (!syllables.has(reading)) syllables.set(reading, syllables.size + 1);
    return syllables.get(reading);
  });
  const key = unique.join(', ');
  if (!sets.has(key)) sets.set(key, sets.size);
  numbers.push(sets.get(key));
}
const rows = (items, count) => {
  const lines = [];
  for (let at = 0; at < items.length; at += count) lines.push('    ' + items.slice(at, at + count).join(', ') + ',');
  return lines.join('\n');
};
console.log(`/* Made by tools/pinyin.mjs from npm pinyin-pro 3.29.4 (MIT License, Copyright (c) 2022-present zh-lx).
 * SETS: sets of up to four readings, as numbers of syllables, 0 none. SET_OF: by character from U+4E00. */
static const uint16_t SETS[][4] = {
${rows([...sets.keys()].map((key) => `{${key === '' ? 0 : key}}`), 8)}
};
static const uint16_t SET_OF[] = {
${rows(numbers, 24)}
};`);
