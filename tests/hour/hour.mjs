// hour - everything on at once on one county: the office's users and the public over HTTP, the command line, backups, kills of
// everything, a disk that is full from time to time. tests/cases/hour.sh runs it; SECONDS says how long.
//
// It is cut into rounds. Between two all stand still, and then: verify agrees, every act that was acknowledged is there, no file
// is left over, no process, no handle, and no sanitizer said anything. In the last third the server is not killed: its memory is told.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { below, broke, command, count, DEBUG, gather, kill, live, one_of, RELEASE, say, sleep, some_build, start, world } from './world.mjs';
import { all_kept } from './promises.mjs';
import { attack, complain, deliver, inspect, intrude, Person, read, unknown_receipts } from './office.mjs';
import { back_up, checkpoints_hold, compute, keep_house, take_in, verify, write } from './commands.mjs';

const seconds = Number(process.env.SECONDS_LONG ?? 3600), round_ms = Math.min(150, Math.max(20, seconds / 8)) * 1000;
const began = Date.now(), until = began + seconds * 1000;
const is_calm = () => Date.now() > began + seconds * 1000 * 2 / 3; // the server is left alone
const [folder, log, files_folder, is_small_disk] = process.argv.slice(2);

Object.assign(world, { folder, log, county: `${folder}/county`, out: `${folder}/out` });
for (const path of [`${folder}/tmp`, `${folder}/out`, `${folder}/home`, `${log}/sanitizers`]) mkdirSync(path, { recursive: true });
console.log(`SEED=${world.seed}, ${seconds} s`);

// ---- Servers ----

class Server {
  constructor(name, args) { Object.assign(this, { name, args, port: 0, run: null, is_wanted: true, away: [{ from: 0 }], starts: 0 }); }

  was_away(from, to) {
    return this.run?.stopped_at <= to || !world.running.has(this.run?.child.pid) || this.away.some((span) => span.from <= to && from <= (span.to ?? Infinity) + 300);
  }

  is_up() { return this.away.at(-1).to !== undefined; }

  async keep() {
    while (!world.is_over) {
      const run = start(this.name, is_calm() ? (Date.now() - began > seconds * 800 ? RELEASE : DEBUG) : some_build(50), [...this.args, '--listen', `127.0.0.1:${this.port}`]);
      this.run = run;
      this.starts++;
      while (this.away.at(-1).to === undefined && world.running.has(run.child.pid)) {
        const said = /http:\/\/127\.0\.0\.1:(\d+)/.exec(run.err + run.out);
        if (said) {
          this.port = Number(said[1]);
          this.away.at(-1).to = Date.now();
        }
        await sleep(50);
      }
      await run.ended;
      if (this.away.at(-1).to !== undefined) this.away.push({ from: run.stopped_at ?? run.ended_at - 300 });
      const told = `${this.name} (${run.program === DEBUG ? 'debug' : 'release'}) status ${run.status} ${run.signal ?? ''}`;
      if (/Sanitizer|runtime error|Assertion|tz_assert/.test(run.err)) broke(`${told}: a sanitizer or an assertion`, run.err);
      if (run.is_asked ? run.status !== 0 : !run.is_killed && !(run.status === 4 && world.full.some((span) => (span.to ?? Infinity) + 3000 > run.began)))
        broke(`${told}: not expected`, run.err);
      count(`${told}`);
      while (!this.is_wanted && !world.is_over) await sleep(50);
      await sleep(100);
    }
  }

  // Asks it to end, and waits until it did; with leaks looked for where it is a debug build.
  async stop() {
    this.is_wanted = false;
    const run = this.run;
    if (world.running.has(run.child.pid)) {
      run.is_asked = !run.is_killed;
      run.stopped_at = Date.now();
      run.child.kill('SIGTERM');
      const in_time = await Promise.race([run.ended.then(() => true), sleep(60000).then(() => false)]);
      if (!in_time) { broke(`${this.name} does not end when asked`); kill(run); await run.ended; }
    }
  }

  async start_again() {
    this.is_wanted = true;
    for (let i = 0; i < 600 && !this.is_up(); i++) await sleep(100);
    if (!this.is_up()) broke(`${this.name} does not come up`, this.run.err);
  }
}

const office = new Server('serve', ['-C', world.county, '--as', 'root', 'serve']);
const second = new Server('serve second', ['-C', world.county, '--as', 'root', 'serve']); // on the same county
const open = new Server('serve public', ['serve', '--public', `${world.county}/public`]);
const servers = [office, second, open];

// ---- Kills, and the disk ----

async function kill_somebody() {
  while (!world.is_over) {
    await sleep(700 + below(3500));
    if (!world.is_gate_open) continue;
    const all = [...world.running.values()].filter((run) => !run.is_asked && !(is_calm() && run === office.run));
    const mortal = below(4) === 0 ? all.filter((run) => run.name.startsWith('serve')) : all.filter((run) => !run.name.startsWith('serve'));
    if (mortal.length > 0) kill(one_of(mortal));
  }
}

async function fill_disk() {
  const ballast = `${folder}/ballast`;
  while (!world.is_over) {
    await sleep(15000 + below(25000));
    if (!world.is_gate_open || !is_small_disk) continue;
    const span = { from: Date.now() };
    world.full.push(span);
    const left = one_of([0, 0, 4096, 65536, 400000]);
    count('disk full');
    try { execFileSync('sh', ['-c', `dd if=/dev/zero of=${ballast} bs=64k 2>/dev/null; truncate -s -${left} ${ballast}`]); } catch { count('disk not quite full'); }
    await sleep(1500 + below(4000));
    rmSync(ballast, { force: true });
    span.to = Date.now();
  }
}

// ---- What must hold between two rounds ----

const EXPECTED = [/^\.(lock|jobs)$/, /^(county\.yaml|calendar\.tsv|divisions\.tsv|ledger\.db(-wal|-shm)?|desk\.db(-wal|-shm)?)$/, /^packs\/[^/]+\/.+$/, /^originals\/[0-9a-f]{64}$/,
  /^evidence\/[a-z_0-9]+-[0-9a-f]{16}\.parquet$/, /^derived\/(people-\d+\.parquet|known-[0-9a-f]{32}\.json|[a-z0-9.-]*report[^/]*|kept\/.+)$/, /^tray\/\d+\/[^/]+$/, /^public\/((site|inbox)\/[^/]+|index\.html)$/,
  /^complaints\/[0-9a-f]{32}\.[a-z]+$/];

function walk(path, prefix = '') {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? walk(`${path}/${entry.name}`, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`]));
}

function look_for_leftovers() {
  for (const name of walk(world.county))
    if (name.includes('.tmp') || name.includes('staging') || !EXPECTED.some((one) => one.test(name))) broke(`left over in the county: ${name}`);
  for (const place of ['incoming', 'public/incoming']) {
    const path = `${world.county}/${place}`, runs = existsSync(path) ? readdirSync(path) : [], most = place === 'incoming' ? 2 : 1;
    if (runs.length > most) broke(`${runs.length} folders of uploads for ${most} servers in ${place}`);
  }
  for (const name of walk(`${folder}/tmp`)) broke(`left over in TMPDIR: ${name}`);
  for (const name of readdirSync(world.out)) {
    if (!/\.tmp-/.test(name)) broke(`left over beside the county: ${name}`);
    count('left by killed commands beside the county, swept by the next to the same name');
    rmSync(`${world.out}/${name}`, { recursive: true });
  }
}

// Processes of ours by their environment, but the servers that are to live and their workers.
function look_for_orphans() {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`TZ_HOUR=${world.marker}`)) continue;
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' '), parent = Number(stat[1]);
      if (stat[0] === 'Z' || world.running.has(Number(pid)) || world.running.has(parent)) continue;
      broke(`a process is left over: ${pid}`, readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' '));
    } catch { /* it ended while we looked */ }
  }
}

function look_at_sanitizers() {
  for (const name of readdirSync(`${log}/sanitizers`)) {
    broke(`a sanitizer: ${name}`, readFileSync(`${log}/sanitizers/${name}`, 'utf8'));
    rmSync(`${log}/sanitizers/${name}`);
  }
}

const handles = (pid) => readdirSync(`/proc/${pid}/fd`).map((fd) => { try { return readlinkSync(`/proc/${pid}/fd/${fd}`); } catch { return ''; } });
function measure(server) {
  const pid = server.run.child.pid, status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { build: server.run.program === DEBUG ? 'debug' : 'release', age: Math.round((Date.now() - server.run.began) / 1000), fds: handles(pid).length,
    deleted: handles(pid).filter((name) => name.endsWith('(deleted)')).length, rss: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024), threads: Number(/Threads:\s+(\d+)/.exec(status)[1]) };
}

async function meter() {
  while (!world.is_over) {
    await sleep(Math.min(60000, round_ms));
    try {
      const { build, age, fds, deleted, rss, threads } = measure(office);
      say(`meter: server ${build} lives ${age} s, ${rss} MiB, ${fds} handles (${deleted} of files that are gone), ${threads} threads; county ${execFileSync('du', ['-sm', world.county]).toString().split('\t')[0]} MiB`);
    } catch { /* it was killed just now */ }
  }
}

for (const signal of ['SIGTERM', 'SIGINT'])
  process.on(signal, () => { for (const run of world.running.values()) run.child.kill('SIGKILL'); process.exit(1); });

let rounds = 0;
async function judge_round() {
  await gather(400000);
  rmSync(`${folder}/ballast`, { force: true });
  const is_one_lived = is_calm() && office.is_up() && Date.now() < until;
  if (!is_one_lived) await office.stop();
  await second.stop();
  await open.stop();
  rounds++;
  const is_ok = await verify(RELEASE) && (rounds % 3 !== 0 || await verify(DEBUG));
  const looked = await all_kept(world.county);
  const swept = await command(['issue', 'note', '1', '--note', `第 ${rounds} 轮`], { build: RELEASE }); // opening for writing sweeps
  if (!swept.is_done) broke('nobody can write after a round', swept.err);
  look_at_sanitizers();
  if (!is_one_lived) await office.start_again();
  await second.start_again(); // a start sweeps what uploads a killed one left
  await open.start_again();
  look_for_leftovers();
  look_for_orphans();
  let lived = '';
  try { lived = JSON.stringify(measure(office)); } catch { /* not there */ }
  console.log(`${new Date().toISOString().slice(11, 19)} round ${rounds}: verify ${is_ok ? 'agrees' : 'DOES NOT AGREE'}, ${looked} acts looked for, ${world.broken.length} broken; server ${lived}`);
}

// ---- The hour ----

const files = readdirSync(files_folder).filter((name) => /^(民政局|教育局_受助)/.test(name)).slice(0, 6).map((name) => `${files_folder}/${name}`);
const people = (user, server = office) => new Person(server, user);
for (const server of servers) server.keep();
for (const server of servers) await server.start_again();
[
  ['reader', (() => { const who = people('inspector'); return () => read(who); })(), 100],
  ['leader', (() => { const who = people('leader'); return () => read(who); })(), 200],
  ['superior', (() => { const who = people('superior', second); return () => read(who); })(), 300],
  ['cadre', (() => { const who = people('cadre'); return () => read(who); })(), 300],
  ['inspector', (() => { const who = people('inspector'); return () => inspect(who); })(), 300],
  ['second inspector', (() => { const who = people('second', second); return () => inspect(who); })(), 300],
  ['deliverer', (() => { const who = people('second'); return () => deliver(who); })(), 1000],
  ['attacker', (() => { const who = people('clerk'); return () => attack(who); })(), 1000],
  ['public', () => complain(open), 2000],
  ['stranger', () => intrude(one_of(servers)), 1000],
  ['writer', write, 500],
  ['importer', take_in, 2000],
  ['computer', () => compute(files), 1000],
  ['backup', back_up, 4000],
  ['housekeeper', keep_house, 3000],
].forEach(([name, act, pause_ms]) => live(name, act, pause_ms));
kill_somebody();
fill_disk();
meter();

while (Date.now() < until) {
  world.is_gate_open = true;
  await sleep(Math.min(round_ms, Math.max(0, until - Date.now())));
  await judge_round();
}

// ---- After all ----

await sleep(8000); // the steward takes in what was complained of
const unknown = await unknown_receipts(open);
if (unknown > 0) broke(`the office does not know ${unknown} of the complaints that have a receipt`);
await checkpoints_hold();
world.is_over = true;
for (const server of servers) await server.stop();
await sleep(500);
await verify(DEBUG);
look_at_sanitizers();
look_for_orphans();
for (const [what, n] of Object.entries(world.counts).sort()) console.log(`  ${String(n).padStart(7)}  ${what}`);
console.log(world.broken.length === 0 ? `ok: ${rounds} rounds in ${Math.round((Date.now() - began) / 1000)} s, nothing broke` : `FAILED: ${world.broken.length} broken`);
process.exit(world.broken.length === 0 ? 0 : 1);
