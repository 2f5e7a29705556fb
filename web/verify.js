/* verify - checks a proof that `taizhang prove ISSUE -o FILE` wrote, in a browser or in node, without any library.
 *
 * Written from docs/format/journal.md alone, so that two programs that share no code say the same of a proof:
 * this one and taizhang-verify.  SM3 (GB/T 32905), the verifying half of SM2 (GB/T 32918), RFC 9162's inclusion.
 *
 *     const said = TaizhangVerify.check(bytes);   // Uint8Array; throws TaizhangVerify.Refused with .kind "form"
 *                                                 // (no proof file) or "tamper" (it does not hold)
 *     node web/verify.js FILE [KEY]               // as taizhang-verify: exit status 0, 1, 2, 3
 *
 * Needs BigInt, TextDecoder and no more: any browser since 2019.
 */
'use strict';
(function (root) {

class Refused extends Error {
    constructor(kind, text) {
        super(text);
        this.kind = kind;
    }
}
const form = (what) => new Refused('form', `不是 taizhang 的证明文件(${what}) | this is no proof file of taizhang (${what})`);
const tamper = (zh, en) => new Refused('tamper', `${zh} | ${en}`);

/* ---- Bytes ---- */

const utf8 = (text) => new TextEncoder().encode(text);

function join(...parts) {
    const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
        out.set(part, at);
        at += part.length;
    }
    return out;
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/* Null unless text is exactly `size` bytes in hexadecimal. */
function unhex(text, size) {
    if (typeof text !== 'string' || text.length !== size * 2 || !/^[0-9a-fA-F]*$/.test(text))
        return null;
    return Uint8Array.from({length: size}, (_, i) => parseInt(text.substr(i * 2, 2), 16));
}

/* Null unless text is base64 in its one canonical form. */
function unbase64(text) {
    const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    if (text.length === 0 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text))
        return null;
    const letters = text.replace(/=+$/, '');
    const out = new Uint8Array(Math.floor(letters.length * 3 / 4));
    let bits = 0, value = 0, at = 0;
    for (const letter of letters) {
        value = (value << 6 | ALPHABET.indexOf(letter)) & 0xFFFF;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[at++] = value >> bits & 0xFF;
        }
    }
    return (value & (1 << bits) - 1) === 0 ? out : null; /* no stray bits behind the last byte */
}

const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const toInt = (bytes) => bytes.length === 0 ? 0n : BigInt('0x' + hex(bytes));
const toBytes = (value, size) => unhex(value.toString(16).padStart(size * 2, '0'), size);

/* ---- SM3 ---- */

const rotate = (x, n) => (x << (n % 32) | x >>> (32 - n % 32)) >>> 0;

function compress(state, block, from) {
    const w = new Uint32Array(68);
    for (let i = 0; i < 16; i++)
        w[i] = block[from + i * 4] << 24 | block[from + i * 4 + 1] << 16 | block[from + i * 4 + 2] << 8 | block[from + i * 4 + 3];
    for (let i = 16; i < 68; i++) {
        const x = w[i - 16] ^ w[i - 9] ^ rotate(w[i - 3], 15);
        w[i] = x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[i - 13], 7) ^ w[i - 6];
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
        const t = i < 16 ? 0x79CC4519 : 0x7A879D8A;
        const left = rotate(rotate(a, 12) + e + (i % 32 === 0 ? t : rotate(t, i)) >>> 0, 7);
        const right = (left ^ rotate(a, 12)) >>> 0;
        const ff = i < 16 ? a ^ b ^ c : a & b | a & c | b & c;
        const gg = i < 16 ? e ^ f ^ g : e & f | ~e & g;
        const one = ff + d + right + ((w[i] ^ w[i + 4]) >>> 0) >>> 0;
        const two = gg + h + left + w[i] >>> 0;
        [d, c, b, a] = [c, rotate(b, 9), a, one];
        [h, g, f, e] = [g, rotate(f, 19), e, (two ^ rotate(two, 9) ^ rotate(two, 17)) >>> 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] ^= word; });
}

function sm3(bytes) {
    const size = bytes.length, padded = new Uint8Array((size + 9 + 63 >> 6) * 64);
    const state = Uint32Array.of(0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E);
    padded.set(bytes);
    padded[size] = 0x80;
    new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(size) * 8n);
    for (let at = 0; at < padded.length; at += 64)
        compress(state, padded, at);
    return Uint8Array.from({length: 32}, (_, i) => state[i >> 2] >>> (24 - i % 4 * 8));
}

/* ---- SM2: the curve sm2p256v1, points as [X, Y, Z] with x = X/Z², y = Y/Z³; Z = 0 is the point at infinity ---- */

const P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFFn;
const A = P - 3n;
const B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93n;
const N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123n;
const GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7n;
const GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0n;
const IDENTITY = utf8('1234567812345678');

const mod = (x) => { const r = x % P; return r < 0n ? r + P : r; };

function power(base, exponent) {
    let out = 1n;
    for (let e = exponent, b = mod(base); e > 0n; e >>= 1n) {
        if (e & 1n)
            out = mod(out * b);
        b = mod(b * b);
    }
    return out;
}

function double([x, y, z]) {
    if (z === 0n || y === 0n)
        return [1n, 1n, 0n];
    const yy = mod(y * y), zz = mod(z * z), s = mod(4n * x * yy), m = mod(3n * (x - zz) * (x + zz)); /* a = -3 */
    const x3 = mod(m * m - 2n * s);
    return [x3, mod(m * (s - x3) - 8n * yy * yy), mod(2n * y * z)];
}

function add(p, q) {
    if (p[2] === 0n)
        return q;
    if (q[2] === 0n)
        return p;
    const z1 = mod(p[2] * p[2]), z2 = mod(q[2] * q[2]);
    const u1 = mod(p[0] * z2), u2 = mod(q[0] * z1), s1 = mod(p[1] * z2 * q[2]), s2 = mod(q[1] * z1 * p[2]);
    if (u1 === u2)
        return s1 === s2 ? double(p) : [1n, 1n, 0n];
    const h = mod(u2 - u1), r = mod(s2 - s1), hh = mod(h * h), hhh = mod(h * hh), v = mod(u1 * hh);
    const x3 = mod(r * r - hhh - 2n * v);
    return [x3, mod(r * (v - x3) - s1 * hhh), mod(h * p[2] * q[2])];
}

/* s·G + t·Q, both scalars walked at once. */
function multiply(s, t, q) {
    const g = [GX, GY, 1n], both = add(g, q);
    let out = [1n, 1n, 0n];
    for (let bit = 255n; bit >= 0n; bit--) {
        const pick = Number((s >> bit & 1n) | (t >> bit & 1n) << 1n);
        out = double(out);
        if (pick !== 0)
            out = add(out, [g, q, both][pick - 1]);
    }
    return out;
}

/* The two integers of a DER signature in its one canonical form; null otherwise. */
function readDer(bytes) {
    let at = 2;
    if (bytes.length < 8 || bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2)
        return null;
    const numbers = [];
    while (numbers.length < 2) {
        const size = bytes[at + 1], value = bytes.subarray(at + 2, at + 2 + size);
        if (bytes[at] !== 0x02 || !(size >= 1) || size > 33 || value.length !== size || value[0] & 0x80 ||
            (size > 1 && value[0] === 0 && !(value[1] & 0x80)))
            return null;
        numbers.push(toInt(value));
        at += 2 + size;
    }
    return at === bytes.length ? numbers : null;
}

/* Is `signature` (DER) that of `data` by the key with this point (0x04 ‖ x ‖ y)? Any bytes are fine. */
function sm2Verifies(point, data, signature) {
    const numbers = readDer(signature), x = toInt(point.subarray(1, 33)), y = toInt(point.subarray(33));
    if (numbers === null || point.length !== 65 || point[0] !== 4 || x >= P || y >= P || mod(y * y) !== mod(x * x * x + A * x + B))
        return false;
    const [r, s] = numbers, t = (r + s) % N;
    if (r < 1n || r >= N || s < 1n || s >= N || t === 0n)
        return false;
    const length = Uint8Array.of(IDENTITY.length * 8 >> 8, IDENTITY.length * 8 & 0xFF);
    const curve = [A, B, GX, GY].map((value) => toBytes(value, 32));
    const e = toInt(sm3(join(sm3(join(length, IDENTITY, ...curve, point.subarray(1))), data)));
    const [px, , pz] = multiply(s, t, [x, y, 1n]);
    if (pz === 0n)
        return false;
    return (e + mod(px * power(pz * pz, P - 2n))) % N === r;
}

/* ---- The tree (RFC 9162 sections 2.1.1 and 2.1.3.2) ---- */

const leafHash = (text) => sm3(join(Uint8Array.of(0), utf8(text)));
const nodeHash = (left, right) => sm3(join(Uint8Array.of(1), left, right));

/* node: how two hashes are joined; another one for the RFC's own vectors. */
function inclusionHolds(leaf, index, size, proof, rootHash, node = nodeHash) {
    if (!(index >= 0 && index < size))
        return false;
    let at = BigInt(index), last = BigInt(size) - 1n, hash = leaf;
    for (const other of proof) {
        if (last === 0n)
            return false;
        if (at & 1n || at === last) {
            hash = node(other, hash);
            while (!(at & 1n) && at !== 0n) {
                at >>= 1n;
                last >>= 1n;
            }
        } else {
            hash = node(hash, other);
        }
        at >>= 1n;
        last >>= 1n;
    }
    return last === 0n && same(hash, rootHash);
}

/* RFC 9162 section 2.1.4.2: is the tree of `old` leaves the beginning of that of `size`? */
function consistencyHolds(old, size, proof, oldRoot, newRoot, node = nodeHash) {
    if (!(old > 0 && old <= size))
        return false;
    if (old === size)
        return proof.length === 0 && same(oldRoot, newRoot);
    let at = BigInt(old) - 1n, last = BigInt(size) - 1n;
    while (at & 1n) {
        at >>= 1n;
        last >>= 1n;
    }
    const rest = at === 0n && Number.isInteger(Math.log2(old)) ? [oldRoot, ...proof] : proof.slice();
    if (rest.length === 0)
        return false;
    let first = rest[0], second = rest[0];
    for (const other of rest.slice(1)) {
        if (last === 0n)
            return false;
        if (at & 1n || at === last) {
            first = node(other, first);
            second = node(other, second);
            while (!(at & 1n) && at !== 0n) {
                at >>= 1n;
                last >>= 1n;
            }
        } else {
            second = node(second, other);
        }
        at >>= 1n;
        last >>= 1n;
    }
    return last === 0n && same(first, oldRoot) && same(second, newRoot);
}

/* ---- The note ---- */

function openNote(text, point) {
    const wrong = tamper('不是存证的签名文本', 'this is no signed note of a journal');
    const lines = text.split('\n');
    if (utf8(text).length > 4096 || lines.length !== 6 || lines[3] !== '' || lines[5] !== '' || lines[0] === '' || !/^\+?[0-9]+$/.test(lines[1]))
        throw wrong;
    const [origin, entries, rootText, , last] = lines, head = `\u2014 ${origin} `, rootHash = unbase64(rootText);
    if (!Number.isSafeInteger(Number(entries)) || rootHash === null || rootHash.length !== 32 || !last.startsWith(head))
        throw wrong;
    const signature = unbase64(last.slice(head.length));
    if (signature === null || signature.length <= 4)
        throw wrong;
    const id = sm3(join(utf8(origin), Uint8Array.of(0x0A, 0xFF), utf8('sm2'), point)).subarray(0, 4);
    if (!same(id, signature.subarray(0, 4)) || !sm2Verifies(point, utf8(lines.slice(0, 3).join('\n') + '\n'), signature.subarray(4)))
        throw tamper('签名与公钥不符', 'the note is not signed by this key');
    return {origin, entries: Number(entries), root: rootHash};
}

/* ---- The proof ---- */

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (object, name) => isObject(object) && typeof object[name] === 'string' ? object[name] : null;
const intOf = (object, name, otherwise) => isObject(object) && Number.isInteger(object[name]) ? object[name] : otherwise;

function parse(text, what) {
    let value = null;
    try {
        value = JSON.parse(text, (name, item) => {
            if (name.includes('\0') || (typeof item === 'string' && item.includes('\0')))
                throw new SyntaxError('zero byte');
            return item;
        });
    } catch (wrong) {
        throw form(what);
    }
    return value;
}

function readHashes(list) {
    if (!Array.isArray(list) || list.length > 124)
        return null;
    const hashes = list.map((item) => unhex(item, 32));
    return hashes.includes(null) ? null : hashes;
}

/* Each opened value against its commitment in the image; counts those that stay closed. */
function checkPrivates(said, image, opened, where) {
    const list = Array.isArray(opened) ? opened : [];
    for (const field of isObject(image) ? Object.keys(image) : []) {
        const commit = textOf(image[field], 'commit');
        if (commit === null)
            continue;
        const ours = list.filter((one) => textOf(one, 'field') === field);
        for (const one of ours) {
            const salt = unhex(textOf(one, 'salt'), 16), value = textOf(one, 'value');
            if (salt === null || value === null)
                throw form('private');
            if (hex(sm3(join(salt, utf8(field), utf8(value)))) !== commit)
                throw tamper(`${where} 的 ${field} 与承诺值不符`, `${where}: ${field} is not what was committed`);
            said.values.push({where, field, value});
        }
        said[ours.length > 0 ? 'opened' : 'closed']++;
    }
}

function checkEntry(said, one) {
    const body = textOf(one, 'body'), entry = intOf(one, 'entry', 0), where = `entry ${entry}`;
    const proof = readHashes(isObject(one) ? one.proof : null);
    if (body === null || proof === null)
        throw form(where);
    if (!inclusionHolds(leafHash(body), entry - 1, said.note.entries, proof, said.note.root))
        throw tamper(`${where} 不在签名的日志里`, `${where} is not in the signed journal`);
    const parsed = parse(body, where);
    if (intOf(parsed, 'entry', 0) !== entry)
        throw tamper(`${where} 的编号不对`, `${where} has another number`);
    checkPrivates(said, isObject(parsed) ? parsed.image : null, one.private, where);
    said.entries++;
    said.bodies.set(entry, parsed);
}

function checkEvent(said, one) {
    const line = textOf(one, 'line'), entry = intOf(one, 'entry', 0), index = intOf(one, 'index', -1);
    const where = `event ${index} of entry ${entry}`, proof = readHashes(isObject(one) ? one.proof : null);
    const bulk = said.bodies.get(entry), events = isObject(bulk) ? bulk.events : null, digest = unhex(textOf(events, 'digest'), 32);
    if (line === null || proof === null || digest === null)
        throw form(where);
    if (!inclusionHolds(leafHash(line), index, intOf(events, 'count', 0), proof, digest))
        throw tamper(`${where} 不在其条目里`, `${where} is not in its entry`);
    checkPrivates(said, parse(line, where), one.private, where);
    said.events++;
}

/* Everything that the file says. Who owns the key is for the reader to know: said.key is its fingerprint. */
function check(bytes) {
    let text = '';
    try {
        text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
    } catch (wrong) {
        throw form('UTF-8');
    }
    const proof = parse(text, 'JSON'), note = textOf(proof, 'note'), point = unhex(textOf(proof, 'key'), 65);
    if (textOf(proof, 'format') !== 'taizhang-proof/1' || note === null || point === null || !Array.isArray(proof.entries) ||
        !Array.isArray(proof.events))
        throw form('format');
    const said = {issue: intOf(proof, 'issue', 0), note: openNote(note, point), key: hex(sm3(point)), entries: 0, events: 0, opened: 0,
                  closed: 0, values: [], bodies: new Map()};
    proof.entries.forEach((one) => checkEntry(said, one));
    proof.events.forEach((one) => checkEvent(said, one));
    return said;
}

/* ---- Two checkpoints ---- */

/* A checkpoint as somebody kept it: a checkpoint file, a note, or its one line on paper. key: null but for a file. */
function readKept(text) {
    const line = text.trim().split(/\s+/);
    if (line.length === 4 && !text.trim().includes('\n'))
        return {note: `${line[0]}\n${line[1]}\n${line[2]}\n\n\u2014 ${line[0]} ${line[3]}\n`, key: null};
    if (!text.trim().startsWith('{'))
        return {note: text.trim() + '\n', key: null};
    const file = parse(text, 'JSON'), note = textOf(file, 'note'), key = textOf(file, 'key');
    if (note === null || unhex(key, 65) === null)
        throw form('checkpoint');
    return {note, key};
}

/* Is what was kept the beginning of the checkpoint file of today? Both are texts. Throws Refused: "form" where one of them is no
 * checkpoint or the file has no proof from there, "tamper" where a signature or the proof does not hold. */
function compare(keptText, fileText) {
    const file = parse(fileText, 'JSON'), point = unhex(textOf(file, 'key'), 65), kept = readKept(keptText);
    if (textOf(file, 'format') !== 'taizhang-checkpoint/1' || textOf(file, 'note') === null || point === null || !Array.isArray(file.since))
        throw form('checkpoint');
    const now = openNote(file.note, point), before = openNote(kept.note, kept.key === null ? point : unhex(kept.key, 65));
    const said = {origin: now.origin, before: before.entries, now: now.entries, key: hex(sm3(point)),
                  isSameKey: kept.key === null || kept.key.toLowerCase() === file.key.toLowerCase()};
    if (before.origin !== now.origin)
        throw tamper('这是另一个日志的签名', 'this is the signature of another journal');
    if (before.entries > now.entries)
        throw tamper(`您存下的有 ${before.entries} 条,现在只剩 ${now.entries} 条`, `yours has ${before.entries} entries, now there are only ${now.entries}`);
    if (before.entries === now.entries) {
        if (!same(before.root, now.root))
            throw tamper('条数相同,内容不同:历史被改写', 'as many entries, but others: the history was rewritten');
        return said;
    }
    const one = file.since.find((step) => intOf(step, 'entries', 0) === before.entries), proof = readHashes(isObject(one) ? one.proof : null);
    if (proof === null)
        throw form('没有从您那一条起的证明 | no proof from your checkpoint on');
    if (!consistencyHolds(before.entries, now.entries, proof, before.root, now.root))
        throw tamper('现在的日志不是从您存下的那一份增长来的:历史被改写', 'the journal did not grow from what you kept: the history was rewritten');
    return said;
}

/* As taizhang-verify prints it. */
function report(said, wanted) {
    const hint = wanted === undefined ? '  (请与公布的指纹核对 | compare it with the published one)' : '';
    return `问题 | issue        #${said.issue}\n` +
        `日志 | journal      ${said.note.origin}, ${said.note.entries} entries\n` +
        `根   | root         ${hex(said.note.root)}\n` +
        `密钥 | key          ${said.key}${hint}\n` +
        `证实 | proven       ${said.entries} entries, ${said.events} events, ${said.opened} values opened, ${said.closed} kept closed\n`;
}

const LEAST_KEY_DIGITS = 16;
const isKey = (said, wanted) => wanted === undefined || (wanted.length >= LEAST_KEY_DIGITS && said.key.startsWith(wanted));

root.TaizhangVerify = {check, compare, consistencyHolds, readKept, report, isKey, Refused, sm3, sm2Verifies, inclusionHolds, hex, unhex};

/* ---- node ---- */

if (typeof module === 'object' && typeof require === 'function') {
    module.exports = root.TaizhangVerify;
    if (require.main === module) {
        const [file, wanted, ...more] = process.argv.slice(2);
        const end = (status, text) => {
            (status === 0 ? process.stdout : process.stderr).write(text);
            process.exitCode = status;
        };
        const run = () => {
            if (file === undefined || more.length > 0)
                return end(2, 'usage: node verify.js FILE [KEY]\n');
            try {
                const said = check(require('fs').readFileSync(file));
                return isKey(said, wanted) ? end(0, report(said, wanted))
                                           : end(1, `verify.js: 由另一把密钥签名 | signed with another key: ${said.key}\n`);
            } catch (wrong) {
                return end(wrong.kind === 'tamper' ? 1 : 3, `verify.js: ${wrong.message}\n`);
            }
        };
        run();
    }
}

})(typeof globalThis === 'object' ? globalThis : this);
