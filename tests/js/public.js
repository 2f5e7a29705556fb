/* A member of the public, for tests/cases/public.sh: complains, follows the receipt, finds the door shut.
 *
 *     node tests/js/public.js complain ADDRESS           prints the receipt's number
 *     node tests/js/public.js follow ADDRESS RECEIPT     until the office knows of it
 *     node tests/js/public.js shut ADDRESS
 */
'use strict';
const assert = require('assert'), http = require('http');
const [what, at, receipt] = process.argv.slice(2);

const statusOf = async (path) => (await fetch(at + path, {redirect: 'manual'})).status;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/* As it stands: fetch would tidy the path. */
const rawStatus = (path) => new Promise((done, fail) => {
    const {hostname, port} = new URL(at);
    http.get({hostname, port, path}, (answer) => { answer.resume(); done(answer.statusCode); }).on('error', fail);
});

async function open() {
    const page = await (await fetch(at + '/public/complain')).text();
    return /name="mark" value="([^"]+)"/.exec(page)[1];
}

async function send(mark, text, photo) {
    const form = new FormData();
    form.append('mark', mark);
    form.append('text', text);
    form.append('about', '孟村长');
    if (photo !== undefined)
        form.append('photo', new Blob([photo]), 'x.jpg');
    const answer = await fetch(at + '/public/complain', {method: 'POST', body: form});
    return {status: answer.status, page: await answer.text()};
}

async function complain() {
    for (const path of ['/public', '/public/complain', '/public/status', '/public/verify', '/public/checkpoint'])
        assert.strictEqual(await statusOf(path), 200, path);
    for (const path of ['/login', '/overview', '/issues', '/figures', '/complaints', '/public/figures/no.such', '/public/lists/9'])
        assert.strictEqual(await statusOf(path), 404, path);
    assert.strictEqual(await statusOf('/'), 303);
    for (const path of ['/public/../county.yaml', '/public/%2e%2e/%2e%2e/county.yaml', '/public/lists/..%2f..%2fcounty.yaml', '//etc/passwd'])
        assert.ok([400, 404].includes(await rawStatus(path)), path);
    const mark = await open(), other = await open(), third = await open();
    assert.strictEqual((await send(mark, '太快')).status, 409); /* nobody writes that fast */
    await wait(3300);
    assert.strictEqual((await send(other, '')).status, 422);
    assert.strictEqual((await send(third, '有照片', 'no photo')).status, 422);
    const sent = await send(mark, '孟村长 <script>alert(1)</script>');
    assert.strictEqual(sent.status, 200);
    assert.ok(!sent.page.includes('<script>alert'));
    assert.strictEqual((await send(mark, '再来一次')).status, 409);
    console.log(/class="big receipt"><code>([^<]+)</.exec(sent.page)[1]);
}

async function ask(number) {
    const answer = await fetch(at + '/public/status', {method: 'POST', body: new URLSearchParams({receipt: number})});
    return {status: answer.status, page: await answer.text()};
}

async function follow() {
    let page = '';
    for (let i = 0; i < 60 && !page.includes('已收到'); i++, await wait(300))
        page = (await ask(receipt.toLowerCase().replace(/-/g, ' '))).page;
    assert.ok(page.includes('已收到'), 'the office does not know of it');
    assert.ok(!page.includes('孟村长'));
    assert.strictEqual((await ask(receipt.slice(0, -1))).status, 422);
}

async function shut() {
    for (const path of ['/public', '/public/complain', '/public/checkpoint'])
        assert.strictEqual(await statusOf(path), 404, path);
    assert.strictEqual(await statusOf('/login'), 200);
}

({complain, follow, shut})[what]().catch((wrong) => {
    console.error(wrong);
    process.exitCode = 1;
});
