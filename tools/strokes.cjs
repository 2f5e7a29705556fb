// strokes.cjs - makes src/people/strokes.inc: the strokes of common characters in the order of writing.
//
//     npm install cnchar@3.2.6 cnchar-order@3.2.6 && node tools/strokes.cjs > src/people/strokes.inc
//
// The data are cnchar-order's (MIT License, Copyright (c) 2017-present theajack).  Five kinds of strokes, as on a keyboard of
// five keys: 1 level or rising, 2 upright, 3 to the left, 4 dot or to the right, 5 with a turn.  Three bits
// each from the lowest; what is behind the 21st is cut.
const cnchar = require('cnchar');
cnchar.use(require('cnchar-order'));

const key = (name) => (/^(横|提)$/.test(name) ? 1 : /^(竖|竖钩)$/.test(name) ? 2 : /^撇$/.test(name) ? 3 : /^(点|点2|捺)$/.test(name) ? 4 : 5);
const rows = [];
for (let point = 0x4e00; point <= 0x9fa5; point++) {
  const names = cnchar.stroke(String.fromCodePoint(point), 'order', 'name')[0];
  if (!names) continue;
  let bits = 0n;
  names.slice(0, 21).forEach((name, at) => { bits |= BigInt(key(name.split('|')[0])) << BigInt(3 * at); });
  rows.push(`{0x${point.toString(16)}, 0x${bits.toString(16)}u}`);
}
const lines = [];
for (let at = 0; at < rows.length; at += 4) lines.push('    ' + rows.slice(at, at + 4).join(', ') + ',');
console.log(`/* Made by tools/strokes.cjs from npm cnchar-order (MIT License, Copyright (c) 2017-present theajack): characters in order,
 * and their strokes, three bits each from the lowest. */
static const struct { uint16_t point; uint64_t strokes; } STROKES[] = {
${lines.join('\n')}
};`);
