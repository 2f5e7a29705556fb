// promises - what the program acknowledged (exit status 0, 303, a receipt), and where it must be found afterwards.
import { command, count, broke, RELEASE, was_full, world } from './world.mjs';

const kept = []; // {kind, text, at}
const lost_once = new Set();

export function promised(kind, text, more = {}) {
  kept.push({ kind, text, at: Date.now(), ...more });
  count(`acknowledged ${kind}`);
}
export const promises_of = (kind) => kept.filter((one) => one.kind === kind);

// Kinds of the county itself, and what of the program prints them.
const PRINTS = { note: ['issue', 'list', '--json'], issue: ['issue', 'list', '--json'], import: ['batch', 'list', '--json'],
  order: ['erase', 'list', '--json'], verdict: ['findings', '--json'] };

// Each act that was acknowledged before a moment is in the county. Returns how many were looked for.
export async function all_kept(county, before = Infinity) {
  const printed = new Map();
  let looked = 0;
  for (const [kind, args] of Object.entries(PRINTS)) {
    const wanted = promises_of(kind).filter((one) => one.at < before);
    if (wanted.length === 0) continue;
    const key = args.join(' ');
    if (!printed.has(key)) {
      const run = await command(args, { build: RELEASE, as: null, county, is_quiet: true });
      if (!run.is_done) {
        if (!run.is_killed && !was_full(run.began, run.ended_at)) broke(`cannot read ${key}`, run.err);
        continue;
      }
      printed.set(key, kind === 'verdict' ? verdicts(run.out) : run.out);
    }
    const text = printed.get(key);
    for (const one of wanted) {
      looked++;
      const is_there = kind === 'verdict' ? text.get(one.text) === undefined || text.get(one.text) === one.is : text.includes(one.text);
      if (!is_there && !lost_once.has(one)) {
        if (county === world.county) lost_once.add(one);
        broke(`acknowledged and lost in ${county}: ${kind} ${one.text}`, `${JSON.stringify(one)} at ${new Date(one.at).toISOString()}`);
      }
    }
  }
  return looked;
}

// A finding that a later run cleared is not listed; one that is listed has its verdict.
const verdicts = (text) => new Map(JSON.parse(text).map((one) => [String(one.finding), one.verdict]));
