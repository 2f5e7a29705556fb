// office - those who use the county over HTTP: readers, inspectors, clerks, the public, strangers.
import http from 'node:http';
import net from 'node:net';
import { below, broke, count, one_of, pass, sleep, was_deaf, was_full, world } from './world.mjs';
import { promised } from './promises.mjs';
import { HOSTILE } from './hostile.mjs';

// ---- Asking ----

const PATIENCE_MS = 120000;

// One request on a connection of its own. {status, headers, body}, or {lost: the error} where the connection ended before the answer did.
export function ask(port, method, path, { headers = {}, body = null } = {}) {
  return new Promise((done) => {
    const began = Date.now();
    const lost = (wrong) => done({ lost: wrong.code ?? wrong.message, began, ended: Date.now() });
    const sent = http.request({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...(body ? { 'Content-Length': body.length } : {}) }, agent: false, timeout: PATIENCE_MS }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', lost);
      answer.on('aborted', () => lost(new Error('aborted')));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts), began, ended: Date.now() }));
    });
    sent.on('error', lost);
    sent.on('timeout', () => { sent.destroy(new Error('no answer in time')); });
    if (body) sent.write(body);
    sent.end();
  });
}

const form_body = (fields) => Buffer.from(new URLSearchParams(fields).toString());

function parts_body(fields, files) {
  const mark = `----part${below(1e9)}`, parts = [];
  for (const [name, value] of Object.entries(fields)) parts.push(Buffer.from(`--${mark}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  for (const { name, data } of files) {
    const safe = name.replace(/[\r\n"]/g, (c) => encodeURIComponent(c));
    parts.push(Buffer.from(`--${mark}\r\nContent-Disposition: form-data; name="file"; filename="${safe}"\r\nContent-Type: application/octet-stream\r\n\r\n`), Buffer.from(data), Buffer.from('\r\n'));
  }
  return { body: Buffer.concat([...parts, Buffer.from(`--${mark}--\r\n`)]), type: `multipart/form-data; boundary=${mark}` };
}

// Whether an answer is one that the state of the world allows; says so where it is not.
function judge(server, what, answer) {
  count(`http ${answer.lost ? `lost` : answer.status}`);
  const when = `${what} at ${new Date(answer.began).toISOString()}`;
  if (answer.lost) {
    if (!server.was_away(answer.began, answer.ended)) broke(`${when}: ${answer.lost} though the server lives`);
    return false;
  }
  if (answer.status >= 500 && answer.status !== 503 && !was_full(answer.began - 60000, answer.ended)) broke( // what was prepared then is told when it is asked for
    `${when}: ${answer.status}`, `${answer.body.toString().replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 600)}\n${server.run.err.slice(-1000)}`);
  const type = answer.headers['content-type'] ?? '';
  if (answer.status !== 304 && type.startsWith('text/html') && !/<\/html>\s*$/.test(answer.body.toString()) && answer.status !== 303) broke(`${when}: half a page, ${answer.status}`, answer.body.toString().slice(-300));
  if (type.startsWith('text/html') && !answer.headers['content-security-policy']) broke(`${when}: a page without a policy`);
  if (/Sanitizer|SQLITE_|sqlite3_|\/tmp\/|duckdb::/.test(answer.body.subarray(0, 200000).toString()) && type.startsWith('text/')) broke(`${when}: the machine's inside`, answer.body.toString().match(/.{100}(Sanitizer|SQLITE_|sqlite3_|\/tmp\/|duckdb::).{100}/s)?.[0]);
  return true;
}

// ---- Somebody ----

export class Person {
  constructor(server, user) { Object.assign(this, { server, user, token: null, csrf: null, is_locked_until: 0 }); }

  headers() { return this.token ? { Cookie: `tz=${this.token}` } : {}; }

  async log_in() {
    const answer = await ask(this.server.port, 'POST', '/login', { body: form_body({ user: this.user, password: 'demo-taizhang' }), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
    if (!judge(this.server, `${this.user} logs in`, answer)) return false;
    this.token = /(?:^|\n)tz=([0-9a-f]{64})/.exec((answer.headers['set-cookie'] ?? []).join('\n'))?.[1] ?? null;
    if (answer.status !== 303 || !this.token) {
      if (!(answer.status === 503 || was_full(answer.began, answer.ended))) broke(`${this.user} cannot log in: ${answer.status}`, answer.body.toString().replace(/<[^>]*>/g, ' ').slice(0, 800));
      this.token = null;
      return false;
    }
    const page = await ask(this.server.port, 'GET', '/account', { headers: this.headers() });
    if (!judge(this.server, `${this.user} /account`, page) || page.status !== 200) return false;
    this.csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.body.toString())?.[1] ?? null;
    return this.csrf !== null;
  }

  async get(path) {
    if (!this.csrf && !await this.log_in()) return null;
    const answer = await ask(this.server.port, 'GET', path, { headers: this.headers() });
    if (!judge(this.server, `${this.user} GET ${path}`, answer)) return null;
    if (answer.status === 303 && answer.headers.location?.startsWith('/login')) { this.csrf = this.token = null; return null; }
    if (answer.status === 200 && !/private|no-store/.test(answer.headers['cache-control'] ?? '')) broke(`${path} may be cached by others: ${answer.headers['cache-control']}`);
    return answer;
  }

  async post(path, fields, files = null) {
    if (!this.csrf && !await this.log_in()) return null;
    const all = { csrf: this.csrf, ...fields }, sent = files ? parts_body(all, files) : { body: form_body(all), type: 'application/x-www-form-urlencoded' };
    const answer = await ask(this.server.port, 'POST', path, { headers: { ...this.headers(), 'Content-Type': sent.type }, body: sent.body });
    if (!judge(this.server, `${this.user} POST ${path}`, answer)) return null;
    if (answer.status === 303 && answer.headers.location?.startsWith('/login')) { this.csrf = this.token = null; return null; }
    if (answer.status === 403) { this.csrf = this.token = null; }
    return answer;
  }

  async data(path) {
    const answer = await this.get(path);
    if (answer === null || answer.status !== 200) return null;
    return JSON.parse(answer.body.toString());
  }
}

// ---- What they do ----

const token = () => `码${below(1e9).toString(36)}${Date.now().toString(36)}`;
const PAGES = ['/', '/today', '/issues', '/issues.json', '/findings', '/findings.json', '/overview', '/report', '/figures', '/checks', '/registers', '/batches', '/deliveries', '/tray', '/jobs',
  '/audit', '/lots', '/recalls', '/proofs', '/journal', '/journal.json', '/search?q=%E4%BD%8F%E6%88%BF', '/households', '/verify', '/complaints', '/links', '/account', '/help', '/issues.csv', '/batches.xlsx',
  '/issues?lang=en', '/registers/deaths', '/registers/deaths/template', '/admin/users', '/nowhere', '/report/diff', '/issues?state=open&page=2', '/proofs/issues/1.json', '/openapi'];

export async function read(person) {
  const path = one_of([...PAGES, `/issues/${1 + below(60)}`, `/findings/${1 + below(220)}`, `/figures/aid.amount`, `/households/${1 + below(300)}`, `/persons/P${1 + below(2000)}`, `/rows/residents/12/1/${5 + below(30)}`, `/issues/${1 + below(40)}/proof`]);
  await person.get(path);
}

const issues = { largest: 33 };

async function write_note(person) {
  const issue = 1 + below(issues.largest), note = token();
  const answer = await person.post(`/issues/${issue}/note`, { note: `已电话核实 ${note}` });
  if (answer?.status === 303) promised('note', note, { issue, from: 'web' });
}

async function open_issue(person) {
  const title = token(), answer = await person.post('/issues/new', { title: `网页新立 ${title}`, ledger: 'default', level: 'yellow', source: 'hand' });
  if (answer?.status !== 303) return;
  promised('issue', title, { from: 'web' });
  issues.largest = Math.max(issues.largest, Number(/\d+$/.exec(answer.headers.location)?.[0] ?? 0));
}

const judged = new Set();
async function judge_finding(person) {
  const data = await person.data('/findings.json'), rows = (data?.rows ?? data?.findings ?? []).filter((row) => !row.verdict && !judged.has(row.finding));
  if (rows.length === 0) return;
  const finding = one_of(rows).finding;
  judged.add(finding);
  const answer = await person.post(`/findings/${finding}/verdict`, { verdict: 'real', note: token(), stay: '1' });
  if (answer?.status === 303) promised('verdict', String(finding), { is: 'real', from: 'web' });
}

async function write_draft(person) {
  const issue = 1 + below(33), note = token(), answer = await person.post(`/issues/${issue}/draft`, { note });
  if (answer?.status !== 303) return;
  const page = await person.get(`/issues/${issue}`);
  if (page?.status === 200 && !page.body.toString().includes(note) && person.last_draft !== issue) broke(`a draft of issue ${issue} is gone`);
  count('acknowledged draft');
}

async function reveal(person) {
  const issue = 1 + below(33);
  await person.post('/reveal', { kind: 'issue', id: String(issue), why: '核对当事人', next: `/issues/${issue}` });
}

async function ask_for_job(person) {
  const answer = await person.post('/jobs', { kind: one_of(['run', 'report']), form: 'html' });
  if (answer?.status !== 303) return;
  const job = /\d+$/.exec(answer.headers.location)[0], page = await person.get(`/jobs/${job}.json`);
  if (page !== null && page.status === 404) broke(`job ${job} was acknowledged and is not there`);
  count('acknowledged job');
}

export async function inspect(person) {
  await one_of([write_note, write_note, write_note, open_issue, judge_finding, write_draft, reveal, ask_for_job])(person);
}

// ---- The tray ----

let sheets = 0;
export function new_sheet() {
  const name = `民政局_死亡人员名单_${token()}.csv`, n = ++sheets;
  const rows = Array.from({ length: 1 + below(6) }, (_, i) => `测试${n}-${i},男,140430195001010017,2020-02-${String(1 + below(28)).padStart(2, '0')},定昌镇北寺上村,火化${n}`);
  return { name, data: `沁县民政局死亡人员名单(截至2020年3月31日)\n姓名,性别,公民身份号码,死亡时间,行政村,数据来源\n${rows.join('\n')}\n` };
}

export async function deliver(person) {
  const sheet = new_sheet(), dropped = await person.post('/tray', {}, [sheet]);
  if (dropped?.status !== 303) return;
  count('acknowledged upload');
  const staged = /^\/tray\/(\d+)/.exec(dropped.headers.location)?.[1];
  if (!staged) return;
  const file = await person.get(`/tray/${staged}.json`);
  if (file !== null && file.status === 404) broke(`file ${staged} was acknowledged and is not in the tray`);
  const taken = await person.post('/tray/take', { file: staged });
  if (taken?.status !== 303) { await person.post('/tray/throw', { file: staged }); return; }
  const job = /\d+$/.exec(taken.headers.location)[0];
  for (let i = 0; i < 60 && await pass(); i++, await sleep(500)) {
    const state = (await person.data(`/jobs/${job}.json`))?.job;
    if (state?.state === 'done' && (state.result?.batches ?? []).length > 0) { promised('import', sheet.name, { from: 'web' }); return; }
    if (state?.state === 'interrupted' || state?.state === 'failed') {
      if (state.state === 'failed' && !was_full(dropped.began, Date.now()) && !was_deaf(dropped.began, Date.now())) broke(`job ${job} failed`, JSON.stringify(state));
      await person.post(`/jobs/${job}/again`, {});
      count('job again');
    }
  }
}

export async function attack(person) {
  const file = one_of(HOSTILE)(), answer = await person.post('/tray', {}, [file]);
  if (answer === null) return;
  count(`hostile ${file.name.slice(0, 12)}: ${answer.status}`);
  if (answer.body.toString().includes('root:x:') || answer.body.toString().includes('<img src=x')) broke(`hostile ${file.name}: it came through`);
  const staged = /^\/tray\/(\d+)/.exec(answer.headers.location ?? '')?.[1];
  if (!staged) return;
  const page = await person.get(`/tray/${staged}`);
  if (page !== null && /root:x:|<img src=x/.test(page.body.toString())) broke(`hostile ${file.name}: it came through`);
  await person.get(`/tray/${staged}/errors`);
  await person.post('/tray/throw', { file: staged });
}

// ---- The public, and strangers ----

const receipts = [];
export async function complain(server) {
  const page = await ask(server.port, 'GET', '/public/complain');
  if (!judge(server, 'GET /public/complain', page) || page.status !== 200) return;
  const mark = /name="mark" value="([^"]+)"/.exec(page.body.toString())?.[1];
  await sleep(3300);
  const sent = parts_body({ mark, text: `某村发放不公 ${token()}`, about: '孟村长' }, []);
  const answer = await ask(server.port, 'POST', '/public/complain', { headers: { 'Content-Type': sent.type }, body: sent.body });
  if (!judge(server, 'a complaint', answer)) return;
  const receipt = /class="big receipt"><code>([^<]+)</.exec(answer.body.toString())?.[1];
  if (receipt) { receipts.push(receipt); count('acknowledged complaint'); }
}

// How many of the receipts the office does not know of.
export async function unknown_receipts(server) {
  let unknown = 0;
  for (const receipt of receipts) {
    const answer = await ask(server.port, 'POST', '/public/status', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: form_body({ receipt }) });
    if (answer.lost || !answer.body.toString().includes('已收到')) unknown++;
  }
  return unknown;
}

const RAW = ['GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n', 'GET /%2e%2e/%2e%2e/county.yaml HTTP/1.1\r\nHost: x\r\n\r\n', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nuser=',
  'POST /tray HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n', 'GET / HTTP/9.9\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc', `GET /${'a'.repeat(40000)} HTTP/1.1\r\n\r\n`, 'GET /issues\0 HTTP/1.1\r\nHost: x\r\n\r\n'];

export async function intrude(server) {
  if (below(3) === 0) {
    const answer = await ask(server.port, 'POST', '/login', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: form_body({ user: `nobody${below(1000)}`, password: 'let-me-in-please-9' }) });
    if (judge(server, 'a wrong login', answer) && answer.status === 303) broke('somebody unknown could log in');
    return;
  }
  await new Promise((done) => {
    let got = '';
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(one_of(RAW), 'latin1'));
    socket.on('data', (part) => { got += part; }).on('error', done).on('close', done);
    setTimeout(() => { socket.destroy(); done(); if (/root:x:|county:/.test(got)) broke('a file of the machine', got); }, 1500);
  });
  count('raw requests');
}
