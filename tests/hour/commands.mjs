// commands - what goes on at the command line beside the office.
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { below, broke, command, count, one_of, RELEASE, some_build, start, was_deaf, was_full, world } from './world.mjs';
import { all_kept, promised } from './promises.mjs';
import { new_sheet } from './office.mjs';

const token = () => `令${below(1e9).toString(36)}${Date.now().toString(36)}`;
const remove = (path) => rmSync(path, { recursive: true, force: true });

// ---- One after the other, each in a loop of its own ----

export async function write() {
  const text = token();
  if (below(2)) {
    if ((await command(['issue', 'note', String(1 + below(33)), '--note', text])).is_done) promised('note', text, { from: 'cli' });
  } else if ((await command(['issue', 'new', '--title', text])).is_done) {
    promised('issue', text, { from: 'cli' });
  }
}

export async function take_in() {
  const sheet = new_sheet(), path = `${world.log}/${sheet.name}`;
  writeFileSync(path, sheet.data);
  if ((await command(['import', path, '--from', '民政局'])).is_done) promised('import', sheet.name, { from: 'cli' });
  remove(path);
}

let file_no = 0;
export async function compute(files) {
  const out = `${world.out}/report-${++file_no}`;
  await one_of([
    () => command(['run', ...files, '-o', `${out}.html`], { as: 'root', answers: [0, 3] }),
    () => command(['link'], { as: 'root' }),
    () => command(['check'], { as: 'root' }),
    () => command(['check'], { as: 'root' }),
    () => command(['rebuild'], { as: 'root' }),
    () => command(['issue', 'draw', '--kind', 'look-back', '--percent', '20'], { answers: [0, 1] }),
    () => command(['issue', 'letters', '--send']),
    () => report(`${out}.${one_of(['html', 'pdf', 'docx', 'xlsx', 'md'])}`),
    () => command(['publish', 'make', 'report'], { as: 'leader' }),
  ])();
  remove(`${out}.html`);
  remove(`${out}.xlsx`); // beside a page whose lists are cut
}

async function report(path) {
  const run = await command(['report', '-o', path], { as: null });
  if (run.is_done && !existsSync(path)) broke(`a report was acknowledged and is not there: ${path}`);
  if (run.is_done && path.endsWith('.html') && !/<\/html>\s*$/.test(readFileSync(path, 'utf8'))) broke(`half a report: ${path}`);
  if (!run.is_done && existsSync(path)) { // killed behind the rename: whole or not there
    if (path.endsWith('.html') && !/<\/html>\s*$/.test(readFileSync(path, 'utf8'))) broke(`half a report: ${path}`);
    count('report there though not acknowledged');
  }
  remove(path);
}

// A backup while all others write, and what was acknowledged before it began is in it.
export async function back_up() {
  const path = `${world.out}/backup.zip`, back = `${world.out}/back`, began = Date.now();
  remove(path);
  const run = await command(['backup', path], { as: null });
  if (!run.is_done && existsSync(path)) count('backup there though not acknowledged');
  if (existsSync(path)) {
    const restored = await start('restore', some_build(20), ['restore', path, back]).ended;
    count(`restore: ${restored.is_killed ? 'killed' : restored.status}`);
    if (restored.status === 0) {
      const verified = await command(['verify'], { as: null, county: back, is_quiet: true, build: RELEASE });
      if (!verified.is_done && !verified.is_killed && !was_full(verified.began, verified.ended_at) && !was_deaf(began, verified.ended_at)) broke('a restored backup does not verify', verified.out + verified.err);
      if (verified.is_done) {
        count('backups restored and verified');
        count('acts looked for in backups', run.is_done ? await all_kept(back, began) : 0);
      }
    } else if (!restored.is_killed && !(restored.status === 4 && was_full(restored.began, restored.ended_at))) {
      broke(`a backup does not come back: status ${restored.status}`, restored.out + restored.err);
    }
  }
  remove(back);
  remove(path);
}

// ---- The house ----

let notes = 0;
export const checkpoints = [];
async function sign() {
  const run = await command(['checkpoint'], { as: 'root' });
  if (!run.is_done) return;
  const path = `${world.log}/checkpoint-${++notes}.note`;
  writeFileSync(path, run.out);
  checkpoints.push(path);
  count('acknowledged checkpoint');
}

async function change_rules() {
  const span = { from: Date.now() };
  world.deaf.push(span);
  try {
    appendFileSync(`${world.county}/county.yaml`, `# ${token()}\n`);
    for (let i = 0; i < 200 && !world.is_over; i++) {
      const run = await command(['config', 'accept', '--why', token()], { as: 'root', build: RELEASE });
      if (run.is_done) { count('acknowledged config'); break; }
    }
  } catch (wrong) {
    if (wrong.code !== 'ENOSPC') throw wrong;
  }
  span.to = Date.now();
}

async function forget() {
  const title = token(), order = token(), opened = await command(['issue', 'new', '--title', `待删除 ${title}`]);
  if (!opened.is_done) return;
  const listed = await command(['issue', 'list', '--json'], { as: null, build: RELEASE });
  if (!listed.is_done) return;
  const issue = JSON.parse(listed.out).find((one) => one.title?.includes(title))?.issue;
  if (issue === undefined) { broke(`an issue that was acknowledged is not listed: ${title}`); return; }
  if ((await command(['erase', 'issue', String(issue), '--order', order], { as: 'root' })).is_done) promised('order', order);
}

async function check_all() {
  const run = await command(['verify'], { as: null });
  if (run.status === 1) broke('verify does not agree while others write', run.out + run.err);
}

export async function keep_house() {
  await one_of([sign, change_rules, forget, forget, check_all])();
}

// ---- After all ----

export async function checkpoints_hold() {
  for (const path of checkpoints.slice(-5).concat(checkpoints.slice(0, 5))) {
    const run = await command(['checkpoint', '--check', path], { as: null, build: RELEASE });
    if (!run.is_done) broke(`an old checkpoint does not hold: ${path}`, run.out + run.err);
  }
}

export async function verify(build) {
  const run = await command(['verify'], { as: null, build, is_quiet: true });
  if (!run.is_done) broke(`verify ends with ${run.status}`, run.out + run.err);
  return run.is_done;
}
