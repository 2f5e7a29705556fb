// walk - six people's days in the office, on a desk's screen and a phone's, as they themselves would go through them.
//
//     RELEASE=build/taizhang SHOTS=build/screenshots node walk.mjs COUNTY FILES
//
// Errors in the console, requests that fail, breaches of the policy for scripts, pages wider than the screen, anything serious
// that axe-core finds, and Chinese on an English page are failures, wherever they turn up.
import { IS_LONG, open, person, problems, serve } from './office.mjs';
import { crawl } from './crawl.mjs';
import * as days from './days.mjs';

const [county, files] = process.argv.slice(2);
const server = await serve(county, ['--tls']);
const office = await open(server.url);
const only = process.env.ONLY?.split(',');
const is_wanted = (name) => !only || only.includes(name);

async function step(name, act) {
  if (!is_wanted(name)) return;
  const began = Date.now(), before = problems.length;
  try {
    await act();
  } catch (error) {
    problems.push(`${name}: ${error.stack.split('\n').slice(0, 12).join('\n')}`);
    console.log(problems[problems.length - 1]);
  }
  console.log(`${problems.length === before ? 'ok   ' : 'FAIL '} ${name} ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

for (const size of ['desktop', 'phone'])
  for (const [name, day] of Object.entries(days.DAYS)) await step(`${name}-${size}`, () => day(office, size, files));

for (const user of days.USERS)
  for (const size of IS_LONG ? ['desktop', 'phone'] : ['desktop'])
    for (const dark of IS_LONG ? [false, true] : [false])
      await step(`pages-${user}-${size}${dark ? '-dark' : ''}`, async () => crawl(await person(office, user, size, dark), { all: IS_LONG }));
if (!IS_LONG) await step('pages-phone-dark', async () => days.dark_on_phone(office));
if (!only) await step('everything was seen', async () => days.check_all_seen(office));

await office.browser.close();
await server.end();
console.log(problems.length === 0 ? 'the walks went well' : `${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
