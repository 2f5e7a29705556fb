// world - what all who use the county share: its folder, the programs, the gate between two rounds, counts, and what broke.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const seed = Number(process.env.SEED || Date.now() % 2 ** 31);
let state = seed >>> 0;
export function below(n) { // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
export const one_of = (list) => list[below(list.length)];

export const world = {
  seed,
  folder: '', county: '', out: '', log: '', // filled by hour.mjs; log lies where the disk is never full
  marker: `hour-${process.pid}`, // in the environment of every process that we start
  running: new Map(), // pid: {name, child}
  counts: {}, broken: [],
  full: [], // when the disk was full: {from, to}
  deaf: [], // when county.yaml was changed and not accepted yet
  is_gate_open: true, parked: 0, users: 0, is_over: false,
};

export const count = (what, n = 1) => { world.counts[what] = (world.counts[what] ?? 0) + n; };

export function say(text) {
  appendFileSync(`${world.log}/said`, `${new Date().toISOString()} ${text}\n`);
}

export function broke(what, detail = '') {
  const text = `BROKEN ${what}\n${String(detail).slice(0, 3000)}`;
  world.broken.push(text);
  console.log(text);
  say(text);
}

const overlaps = (spans, from, to, grace) => spans.some((span) => span.from <= to && from <= (span.to ?? Infinity) + grace);
export const was_full = (from, to) => overlaps(world.full, from, to, 1500);
export const was_deaf = (from, to) => overlaps(world.deaf, from, to, 500);

// Every act passes here; between two rounds nobody does.
export async function pass() {
  if (world.is_gate_open) return !world.is_over;
  world.parked++;
  while (!world.is_gate_open && !world.is_over) await sleep(50);
  world.parked--;
  return !world.is_over;
}

// Closes the gate and waits until everybody stands before it.
export async function gather(within_ms) {
  world.is_gate_open = false;
  const until = Date.now() + within_ms;
  while (world.parked < world.users && Date.now() < until) await sleep(100);
  if (world.parked < world.users) broke('somebody does not come to an end', [...world.running.values()].map((r) => r.name).join('\n'));
}

// One who goes on doing something until the end. What throws is our own mistake, or theirs: it ends the run's good name.
export async function live(name, act, pause_ms) {
  world.users++;
  while (await pass()) {
    try {
      await act();
    } catch (wrong) {
      broke(`${name}: ${wrong.message}`, wrong.stack);
      await sleep(1000);
    }
    await sleep(pause_ms / 2 + below(pause_ms));
  }
  world.users--;
}

// ---- Programs ----

const RELEASE = `${process.env.PROGRAMS}/release`, DEBUG = `${process.env.PROGRAMS}/debug`; // copies: the hour outlives a build
export const some_build = (debug_percent = 30) => (below(100) < debug_percent ? DEBUG : RELEASE);
export { RELEASE, DEBUG };

export function environment(of) {
  const name = of.replaceAll(' ', '-'), tmp = `${world.folder}/tmp`;
  const is_sealed = name === 'serve-public', log = is_sealed ? '' : `:log_path=${world.log}/sanitizers/${name}`; // it can neither write there nor look at its own threads
  return {
    PATH: process.env.PATH, LC_ALL: 'C.UTF-8', HOME: `${world.folder}/home`, TMPDIR: tmp, TZ_HOUR: world.marker,
    ASAN_OPTIONS: `detect_leaks=${is_sealed ? 0 : 1}:abort_on_error=1${log}`,
    UBSAN_OPTIONS: `print_stacktrace=1${log}`,
    LSAN_OPTIONS: `suppressions=${process.env.ROOT}/tests/leaks.txt:print_suppressions=0`,
  };
}

export function start(name, program, args) {
  const child = spawn(program, args, { cwd: world.out, env: environment(name), stdio: ['ignore', 'pipe', 'pipe'] });
  const run = { name, child, program, out: '', err: '', is_killed: false, began: Date.now() };
  child.stdout.setEncoding('utf8').on('data', (text) => { if (run.out.length < 4e7) run.out += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { if (run.err.length < 1e6) run.err += text; });
  run.ended = new Promise((done) => {
    child.on('close', (status, signal) => {
      world.running.delete(child.pid);
      Object.assign(run, { status, signal, ended_at: Date.now() });
      done(run);
    });
  });
  world.running.set(child.pid, run);
  return run;
}

// Kills one of those that run, by its pid and no other way.
export function kill(run) {
  run.is_killed = true;
  run.stopped_at = Date.now();
  run.child.kill('SIGKILL');
  count(`killed ${run.name}`);
}

// A command to its end. Returns the run; run.is_done: it ended with 0 (or a status that is an answer), so what it did is to last.
export async function command(args, { build = some_build(), as = 'inspector', answers = [0], county = world.county, is_quiet = false } = {}) {
  const name = args[0] + (['issue', 'publish', 'link', 'config', 'batch'].includes(args[0]) && /^[a-z-]+$/.test(args[1] ?? '') ? ` ${args[1]}` : '');
  const run = await start(name, build, ['-C', county, ...(as ? ['--as', as] : []), ...args]).ended;
  run.is_done = answers.includes(run.status);
  if (is_quiet) return run;
  count(`${name}: ${run.is_killed ? 'killed' : run.signal ?? run.status}`);
  judge(run, args);
  return run;
}

function judge(run, args) {
  const what = `${run.program === DEBUG ? 'debug ' : ''}taizhang ${args.join(' ')}`, told = `status ${run.status} ${run.signal ?? ''}\n${run.out.slice(-500)}\n${run.err}`;
  if (/Sanitizer|runtime error|tz_assert|Assertion/.test(run.err)) broke(`${what}: a sanitizer or an assertion`, told);
  if (run.is_killed || run.is_done) return;
  if (run.signal !== null) { broke(`${what}: ended by ${run.signal}`, told); return; }
  if (!/^taizhang: ./m.test(run.err) && !(run.status === 1 || run.status === 3)) broke(`${what}: fails without a word`, told);
  const full = was_full(run.began, run.ended_at), deaf = was_deaf(run.began, run.ended_at);
  if (run.status === 4 && (full || /进程号/.test(run.err))) return;
  if (run.status === 3 && deaf) return;
  broke(`${what}: not expected`, told);
}
