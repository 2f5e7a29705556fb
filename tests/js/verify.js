/* The JavaScript verifier (web/verify.js) beside taizhang-verify: known vectors, then a proof that is touched in
 * many ways, of which both must say the same.
 *
 *     node tests/js/verify.js TAIZHANG-VERIFY PROOF MASKED-PROOF CHECKPOINT-FILE LATER-CHECKPOINT-FILE
 *
 * CORPORA: the folder of public test vectors, if there is one. SEED makes the changes; TIMES, how many.
 */
'use strict';
const fs = require('fs'), path = require('path'), crypto = require('crypto'), assert = require('assert');
const {spawnSync} = require('child_process');
const verify = require('../../web/verify.js');

const [program, whole, masked, keptFile, nowFile] = process.argv.slice(2);
const bytesOf = (text) => new TextEncoder().encode(text);
const clean = (text) => text.replace(/\s/g, '');

/* ---- Vectors ---- */

function checkSm3() {
    const CASES = [['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
                   ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732']];
    for (const [text, digest] of CASES) /* GB/T 32905 annex A */
        assert.strictEqual(verify.hex(verify.sm3(bytesOf(text))), digest);
    for (let size = 0; size < 200; size++) { /* each length around the block's edge, where node's OpenSSL knows SM3 */
        const bytes = crypto.randomBytes(size);
        if (crypto.getHashes().includes('sm3'))
            assert.strictEqual(verify.hex(verify.sm3(bytes)), crypto.createHash('sm3').update(bytes).digest('hex'));
    }
}

function checkSm2() { /* GM/T 0003.5, the example of a signature on the recommended curve */
    const key = verify.unhex(clean(`04 09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020
        CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13`), 65);
    const r = clean('F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3');
    const s = clean('B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA');
    const good = verify.unhex('3046022100' + r + '022100' + s, 72), message = bytesOf('message digest');
    assert.ok(verify.sm2Verifies(key, message, good));
    assert.ok(!verify.sm2Verifies(key, bytesOf('message digesT'), good));
    for (let bit = 0; bit < good.length * 8; bit += 5) {
        const bad = Uint8Array.from(good);
        bad[bit >> 3] ^= 1 << (bit & 7);
        assert.ok(!verify.sm2Verifies(key, message, bad), `bit ${bit} of the signature`);
    }
    for (const bad of ['', '3000', '3006020100020100', '30060201010201' + '01'])
        assert.ok(!verify.sm2Verifies(key, message, verify.unhex(bad, bad.length / 2)));
}

/* Every tree of up to 40 leaves against every beginning of it: the proof as RFC 9162 section 2.1.4.1 makes it, and with a hash
 * touched, left out, added or for another size. */
function checkConsistency() {
    const node = (left, right) => verify.sm3(Buffer.concat([Uint8Array.of(1), left, right]));
    const half = (size) => 2 ** Math.ceil(Math.log2(size) - 1);
    const root = (leaves) => leaves.length === 1 ? leaves[0] : node(root(leaves.slice(0, half(leaves.length))), root(leaves.slice(half(leaves.length))));
    const sub = (old, leaves, isWhole) => {
        if (old === leaves.length)
            return isWhole ? [] : [root(leaves)];
        const k = half(leaves.length);
        return old <= k ? [...sub(old, leaves.slice(0, k), isWhole), root(leaves.slice(k))]
                        : [...sub(old - k, leaves.slice(k), false), root(leaves.slice(0, k))];
    };
    const all = Array.from({length: 40}, (_, i) => verify.sm3(bytesOf(`leaf ${i}`))), other = verify.sm3(bytesOf('other'));
    for (let size = 1; size <= all.length; size++)
        for (let old = 1; old <= size; old++) {
            const leaves = all.slice(0, size), proof = sub(old, leaves, true), before = root(leaves.slice(0, old)), now = root(leaves);
            const holds = (a, b, list, first, second) => verify.consistencyHolds(a, b, list, first, second);
            assert.ok(holds(old, size, proof, before, now), `${old} in ${size}`);
            assert.ok(!holds(old, size, [...proof, other], before, now));
            assert.ok(!holds(old, size, proof, other, now) && !holds(old, size, proof, before, other));
            assert.ok(!holds(0, size, proof, before, now) && !holds(size + 1, size, proof, before, now));
            proof.forEach((_, i) => {
                assert.ok(!holds(old, size, proof.map((hash, j) => i === j ? other : hash), before, now));
                assert.ok(!holds(old, size, proof.filter((hash, j) => i !== j), before, now));
            });
        }
}

/* A checkpoint file of the program and notes that it signed before: what was kept holds in all its forms, and nothing touched. */
function checkCheckpoint(keptFile, nowFile) {
    const kept = fs.readFileSync(keptFile, 'utf8'), now = fs.readFileSync(nowFile, 'utf8'), note = JSON.parse(kept).note, lines = note.split('\n');
    const line = `${lines[0]} ${lines[1]} ${lines[2]} ${lines[4].split(' ').pop()}`;
    for (const form of [kept, note, line]) {
        const said = verify.compare(form, now);
        assert.ok(said.before < said.now && said.isSameKey);
    }
    assert.throws(() => verify.compare(now, kept), (wrong) => wrong.kind === 'tamper'); /* the journal shrank */
    const touched = JSON.parse(now);
    touched.since.forEach((one) => { one.proof = one.proof.map((hash) => hash.replace(/^./, (c) => c === '0' ? '1' : '0')); });
    assert.throws(() => verify.compare(kept, JSON.stringify(touched)), (wrong) => wrong.kind === 'tamper');
    touched.since = [];
    assert.throws(() => verify.compare(kept, JSON.stringify(touched)), (wrong) => wrong.kind === 'form');
    for (const nonsense of ['', '{}', 'a b c d', note.replace(/[0-9]\n/, '7\n'), line.slice(1)])
        assert.throws(() => verify.compare(nonsense, now), verify.Refused, nonsense);
}

/* RFC 6962's vectors are over SHA-256, and those with words in place of hashes are shorter than one. */
function checkInclusion(folder) {
    const sha = (left, right) => crypto.createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest();
    const read = (text) => {
        const bytes = Buffer.from(text || '', 'base64');
        return bytes.length === 0 || bytes.length > 32 ? null : Buffer.concat([bytes, Buffer.alloc(32 - bytes.length)]);
    };
    let count = 0;
    for (const name of fs.readdirSync(folder, {recursive: true})) {
        const file = path.join(folder, name);
        if (!fs.statSync(file).isFile())
            continue;
        const vector = JSON.parse(fs.readFileSync(file, 'utf8')), proof = (vector.proof || []).map(read);
        const leaf = read(vector.leafHash), root = read(vector.root);
        const holds = ![leaf, root, ...proof].includes(null) && Number.isSafeInteger(vector.leafIdx) &&
            verify.inclusionHolds(leaf, vector.leafIdx, vector.treeSize, proof, root, sha);
        assert.strictEqual(holds, !vector.wantErr, file);
        count++;
    }
    return count;
}

/* ---- Proofs that were touched ---- */

let seed = BigInt(process.env.SEED || 1);
function chance(below) {
    seed = (seed * 6364136223846793005n + 1442695040888963407n) & 0xFFFFFFFFFFFFFFFFn;
    return Number((seed >> 33n) % BigInt(below));
}

function flipBit(text) {
    const bytes = Buffer.from(text);
    bytes[chance(bytes.length)] ^= 1 << chance(8);
    return bytes;
}

const pick = (list) => list[chance(list.length)];
const CHANGES = {
    'a value': (proof) => { const one = pick(proof.entries.filter((entry) => (entry.private || []).length > 0)); one.private[0].value += ' '; },
    'a salt': (proof) => { const one = pick(proof.entries.filter((entry) => (entry.private || []).length > 0)); one.private[0].salt = '00'.repeat(16); },
    'a body': (proof) => { const one = pick(proof.entries); one.body = one.body.replace(/"who":"[^"]*"/, '"who":"somebody"'); },
    'a number': (proof) => { pick(proof.entries).entry++; },
    'an index': (proof) => { pick(proof.events).index++; },
    'a line': (proof) => { const one = pick(proof.events); one.line = one.line.replace('"event":"raised"', '"event":"cleared"').replace('"key":', '"Key":'); },
    'a hash': (proof) => { const one = pick(proof.entries); one.proof[chance(one.proof.length)] = '00'.repeat(32); },
    'an order': (proof) => { pick(proof.entries).proof.reverse(); },
    'a hash more': (proof) => { pick(proof.entries).proof.push('00'.repeat(32)); },
    'a hash less': (proof) => { pick(proof.entries).proof.pop(); },
    'a root': (proof) => { proof.note = proof.note.replace(/\n(.)(.*=)\n/, (all, first, rest) => `\n${first === 'A' ? 'B' : 'A'}${rest}\n`); },
    'a size': (proof) => { proof.note = proof.note.replace(/\n(\d+)\n/, (all, size) => `\n${Number(size) + 1}\n`); },
    'a key': (proof) => { proof.key = '04' + '11'.repeat(64); },
    'a format': (proof) => { proof.format += '0'; },
    'an entry of events gone': (proof) => { const of = proof.events[0].entry; proof.entries = proof.entries.filter((one) => one.entry !== of); },
};
const HARMLESS = {
    'an entry gone': (proof) => { proof.entries = proof.entries.filter((one) => proof.events.some((event) => event.entry === one.entry)); },
    'values gone': (proof) => { proof.entries.forEach((one) => { delete one.private; }); },
    'another member': (proof) => { proof.comment = 'x'; },
};

function ours(bytes) {
    try {
        return verify.report(verify.check(bytes));
    } catch (wrong) {
        assert.ok(wrong instanceof verify.Refused, wrong.stack);
        return null;
    }
}

function compare(what, bytes) {
    const file = path.join(path.dirname(whole), 'touched.json');
    fs.writeFileSync(file, bytes);
    const theirs = spawnSync(program, [file], {encoding: 'utf8'}), here = ours(bytes);
    assert.ok([0, 1, 3].includes(theirs.status), `${what}: taizhang-verify ends with ${theirs.status}`);
    assert.strictEqual(here, theirs.status === 0 ? theirs.stdout : null, `${what}: ${theirs.stderr}`);
    return theirs.status === 0;
}

function main() {
    const corpora = process.env.CORPORA, times = Number(process.env.TIMES || 150);
    console.log(`SEED=${seed}`);
    checkSm3();
    checkSm2();
    checkConsistency();
    checkCheckpoint(keptFile, nowFile);
    if (corpora)
        console.log(`${checkInclusion(path.join(corpora, 'crypto/merkle-rfc6962/testdata/inclusion'))} inclusion vectors`);
    const texts = [whole, masked].map((file) => fs.readFileSync(file, 'utf8'));
    texts.forEach((text) => assert.ok(compare('as it was written', Buffer.from(text))));
    for (const [what, change] of Object.entries({...CHANGES, ...HARMLESS})) {
        const proof = JSON.parse(texts[0]);
        change(proof);
        assert.strictEqual(compare(what, Buffer.from(JSON.stringify(proof))), what in HARMLESS, what);
    }
    let held = 0;
    for (let i = 0; i < times; i++)
        held += compare(`change ${i}`, flipBit(texts[i % 2])) ? 1 : 0;
    console.log(`${Object.keys(CHANGES).length} kinds of change refused by both; of ${times} flipped bits ${held} left a proof that holds for both`);
}
main();
