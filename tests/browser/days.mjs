// days - what each of the six does on a day, and what they must see.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { expect, follow, person, picture, visit } from './office.mjs';

export const USERS = ['clerk', 'cadre', 'inspector', 'leader', 'superior', 'sysadmin', 'secadmin', 'auditor', 'public'];

// ---- The data clerk ----

// Waits until what the page itself asks for anew has come to rest.
async function until_gone(page, selector) {
  await page.waitForFunction((what) => document.querySelector(what) === null, selector);
}

// Chooses, and waits until the part of the page that was old then is there no more and the new one has come to rest.
// On a phone the columns open folded.
async function unfold(page) {
  const fold = page.locator('details.columns').first();
  if (await fold.getAttribute('open') === null) await fold.locator('summary').click();
}

async function choose_again(page, select, value) {
  await unfold(page);
  await page.evaluate(() => { document.querySelector('#file-page').dataset.isOld = '1'; });
  await select.selectOption(value);
  await until_gone(page, '#file-page[data-is-old], #file-page[hx-get]');
}

async function clerk(office, size, files) {
  const one = await person(office, 'clerk', size), { page } = one;
  const own = readdirSync(files).filter((name) => /^教育局_(受助|家庭|学籍|学生资助)/.test(name));
  const sent = size === 'desktop' ? own.slice(2) : own.slice(0, 2);

  await visit(one, '/tray', { name: 'clerk-1-empty' });
  await follow(one, () => page.setInputFiles('#file', sent.map((name) => `${files}/${name}`)));
  await until_gone(page, '#files[hx-get]');
  await picture(one, 'clerk-2-looked-at');
  expect(await page.locator('.tray tbody tr').count() >= sent.length, 'clerk', `not all of ${sent.length} files are listed`);

  // Corrects a mapping with one choice; the sheet is looked at again by itself.
  await follow(one, () => page.locator('.tray tbody a', { hasText: size === 'desktop' ? '学籍名册' : '' }).first().click());
  await picture(one, 'clerk-3-mapping');
  const columns = page.locator('.mapping select'), column = page.locator('#column-1');
  if (expect(await columns.count() > 3, 'clerk', 'no columns to correct')) {
    const was = await column.inputValue();
    await choose_again(page, column, '-');
    await picture(one, 'clerk-3-corrected');
    expect(await column.inputValue() === '-', 'clerk', 'the correction did not hold');
    await choose_again(page, column, was);
    expect(await column.inputValue() === was, 'clerk', 'the correction could not be taken back');
  }
  const [workbook] = await Promise.all([page.waitForEvent('download'), page.click('a[href$="/errors"]')]);
  expect(statSync(await workbook.path()).size > 2000, 'clerk', 'the workbook to send back is empty');

  // Enters all, watches the job, closes the page and finds the job again.
  await page.goto('/tray');
  await follow(one, () => page.click('button[name=all]'));
  expect(/\/jobs/.test(page.url()), 'clerk', `entering leads to ${page.url()}`);
  await picture(one, 'clerk-4-progress');
  const second = await one.context.newPage();
  await second.goto('/jobs');
  await second.close();
  const job = new URL(page.url()).pathname;
  await page.waitForFunction(() => document.querySelector('#job:not([hx-get]), table') !== null);
  await visit(one, job, { name: 'clerk-5-entered' });

  // Withdraws a batch, with a reason.
  await page.goto('/batches');
  await follow(one, () => page.locator('tbody a[href^="/batches/"]').first().click());
  await picture(one, 'clerk-6-batch');
  await page.locator('details', { has: page.locator('#why') }).locator('summary').click();
  await page.fill('#why', '报错了期次 <img src=x onerror=tzRan()>');
  await follow(one, () => page.click('button.danger'));
  expect(await page.locator('text=报错了期次').count() > 0, 'clerk', 'the reason of the withdrawal is not shown');
  await visit(one, '/deliveries');
  for (const batch of await batches_of(one)) {
    await page.goto(batch);
    if (await page.locator('a[href$="/diff"]').count() === 0) continue;
    await visit(one, `${batch}/diff`, { name: 'clerk-7-diff' });
    break;
  }
}

async function batches_of(one) {
  await one.page.goto('/batches');
  return one.page.$$eval('tbody a[href^="/batches/"]', (links) => [...new Set(links.map((a) => a.pathname))]);
}

// ---- The inspector ----

const OWN_TOWN = '140430100', GRACE = '2027-03-01';
const handed = {}; // the issue that the inspector handed to the cadre's township, by size

// Opens what is folded around a form, fills its fields, sends it.
async function send_form(one, action, values = {}) {
  const { page } = one, form = page.locator(`form[action$="${action}"]`);
  for (const fold of await page.locator('details:not([open])', { has: page.locator(`form[action$="${action}"]`) }).all()) await fold.locator('summary').first().click();
  for (const [name, value] of Object.entries(values)) {
    const field = form.locator(`[name="${name}"]`).first();
    if (Array.isArray(value)) await field.setInputFiles(value);
    else await field.fill(value);
  }
  await follow(one, () => form.locator('button').first().click());
  expect(await page.locator('.error:visible').count() === 0, one.key, `${action}: ${await page.locator('.error:visible').allTextContents()}`);
}

async function inspector(office, size) {
  const one = await person(office, 'inspector', size), { page } = one;

  // A verdict leads to the next finding.
  await visit(one, '/findings', { name: 'inspector-1-findings' });
  await follow(one, () => page.locator('tbody a[href^="/findings/"]').first().click());
  await picture(one, 'inspector-2-finding');
  await page.fill('#note', '已电话核实 "><img src=x onerror=tzRan()>');
  await follow(one, () => page.click('button[name=verdict][value=real]'));
  await page.selectOption('#reason', { index: 1 });
  await follow(one, () => page.click('button[name=verdict][value="not real"]'));

  // A pair of rows, if the linkage is in doubt of any.
  await visit(one, '/links', { name: 'inspector-3-links' });
  if (await page.locator('button[data-key=j]').count() > 0) {
    const before = await page.textContent('#review [role=status]');
    await page.keyboard.press('j');
    await page.waitForFunction((was) => document.querySelector('#review [role=status]').textContent !== was, before);
  }

  // What if: the first check that has a parameter.
  await page.goto('/checks');
  const checks = await page.$$eval('tbody a[href^="/checks/"]', (links) => [...new Set(links.map((a) => a.getAttribute('href')))]);
  let is_tried = false;
  for (const check of checks) {
    const data = await (await one.context.request.get(`${check}.json`)).json();
    if (!data.check?.parameters?.some((parameter) => parameter.is_used)) continue;
    await page.goto(check);
    await page.locator('form.what-if input[name=value]').first().fill('1');
    await follow(one, () => page.locator('form.what-if button').first().click());
    expect(await page.locator('#result').count() === 1, 'inspector', `${check}: nothing was tried`);
    if (await page.locator('#result .error').count() > 0) continue; // its register is still to come
    is_tried = true;
    await picture(one, 'inspector-4-what-if');
    break;
  }

  expect(is_tried, 'inspector', 'no check could be tried with another parameter');

  // Hands an issue to the cadre's township.
  const rows = (await (await one.context.request.get(`/issues.json?state=open&where=${OWN_TOWN}`)).json()).rows;
  handed[size] = rows.find((row) => !Object.values(handed).includes(row.issue))?.issue;
  if (!expect(handed[size], 'inspector', 'no issue in the cadre’s township')) return;
  await visit(one, `/issues/${handed[size]}`, { name: 'inspector-5-issue' });
  await send_form(one, '/assign', { unit: '定昌镇', due: GRACE });
  await visit(one, '/audit', { name: 'inspector-6-audit' });
  await visit(one, '/lots', { name: 'inspector-7-lots' });
  await visit(one, '/proofs', { name: 'inspector-8-proofs' });
  await visit(one, '/search?q=%E4%BD%8F%E6%88%BF', { name: 'inspector-9-search' });
}

// ---- The township's cadre ----

const PHOTO = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/'
  + 'yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=', 'base64');

async function cadre(office, size) {
  const one = await person(office, 'cadre', size), { page } = one, issue = handed[size];

  await visit(one, '/today', { name: 'cadre-1-today' });
  await visit(one, '/households', { name: 'cadre-2-households' });
  await page.selectOption('#division', `${OWN_TOWN}000`);
  await follow(one, () => page.click('form[action="/households"] button'));
  const household = page.locator('main a[href^="/households/"]').first();
  if (expect(await household.count() === 1, 'cadre', 'no household')) {
    await follow(one, () => household.click());
    await picture(one, 'cadre-3-household');
  }
  await visit(one, '/offline', { name: 'cadre-4-drafts' });
  if (!issue) return;
  await visit(one, `/issues/${issue}`, { name: 'cadre-4-issue' });
  if (await page.locator('form[action$="/start"]').count() > 0) await send_form(one, '/start');
  if (size === 'phone') await without_network(one, issue);
  else await send_form(one, '/note', { note: '已到户核实,正在补发 <script>tzRan()</script>' });
  await send_form(one, '/attach', { file: [{ name: `佐证-${size}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.concat([PHOTO, Buffer.from(size)]) /* another for each issue */ }], note: '收据 <svg onload=tzRan()>' });
  await send_form(one, '/submit', { note: '已补发到户' });
  await picture(one, 'cadre-6-submitted');
}

// What is written where there is no network is kept on the phone, and sent when its owner says so.
async function without_network(one, issue) {
  const { page, context } = one, note = '村里没有信号时写的进展';

  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true)); // active: its page is kept
  one.allowed.push(/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/);
  await context.setOffline(true);
  await page.fill('#note-note', note);
  await page.click('form[action$="/note"] button.primary');
  await page.waitForSelector('.waits');
  await page.goto('/offline'); // from the phone itself
  await page.waitForSelector('#offline-list .card');
  await picture(one, 'cadre-5-offline');
  await context.setOffline(false);
  await page.goto('/offline');
  await page.locator('#offline-list .card button.primary').click();
  await page.waitForSelector('#offline-list .empty');
  one.allowed.splice(-2);
  await page.goto(`/issues/${issue}`);
  expect(await page.locator('.timeline', { hasText: note }).count() === 1, 'cadre', 'the draft of the phone is not on record once');
}

// ---- Somebody else signs ----

async function second(office, size) {
  const one = await person(office, 'second', size), { page } = one, issue = handed[size];

  await visit(one, '/today', { name: 'second-1-today' });
  if (!issue) return;
  await visit(one, `/issues/${issue}`, { name: 'second-2-issue' });
  if (size === 'desktop') {
    await send_form(one, '/return', { note: '照片看不清,请重拍 <img src=x onerror=tzRan()>' });
    expect(await page.locator('.timeline', { hasText: '照片看不清' }).count() === 1, 'second', 'the reason is not on record');
  } else if (await page.locator('form[action$="/check"]').count() > 0) {
    await send_form(one, '/check');
  }
  await picture(one, 'second-3-done');
}

// ---- The leader ----

async function leader(office, size) {
  const one = await person(office, 'leader', size), { page } = one;

  await visit(one, '/overview', { name: 'leader-1-overview' });
  await page.goto('/report');
  // Two clicks: from the report's number to the figure, from the figure to the sheet of its rows.
  await follow(one, () => page.locator('.report a[href*="/figures/"]').first().click());
  expect(await page.locator('#rows').count() === 1, 'leader', 'a figure without its rows');
  await picture(one, 'leader-2-figure');
  await visit(one, '/report', { name: 'leader-3-report' });
  const forms = await page.$$eval('a[href*="/report/as/"]', (links) => links.map((a) => a.getAttribute('href')));
  expect(forms.length >= 5, 'leader', `the report comes in ${forms.length} forms`);
  for (const form of size === 'desktop' ? forms : forms.slice(0, 1)) {
    const answer = await one.context.request.get(form);
    expect(answer.ok() && (await answer.body()).length > 1000, 'leader', `${form}: ${answer.status()}`);
  }
  if (size === 'desktop') {
    await page.locator('details', { has: page.locator('form[action^="/report/publish"]') }).locator('summary').click();
    await follow(one, () => page.click('form[action^="/report/publish"] button'));
  }
}

// ---- The superior ----

async function superior(office, size) {
  const one = await person(office, 'superior', size), { page } = one;

  expect(await page.locator('main form[method=post]').count() === 0, 'superior', 'something to write');
  const issues = (await (await one.context.request.get('/issues.json')).json()).rows.map((row) => row.issue);
  const issue = Math.min(...issues); // older than the newest checkpoint
  await visit(one, '/verify', { name: 'superior-1-verify' });
  await page.fill('.prove #issue', String(issue));
  await page.click('.prove button');
  await page.waitForSelector('#proven.holds');
  await picture(one, 'superior-2-proven');
}

// ---- The public ----

// Asks in the page until the answer is yes: waitForFunction takes a promise for one.
async function until(one, is_so) {
  for (const end = Date.now() + 60000; !(await one.page.evaluate(is_so)); await one.page.waitForTimeout(200))
    if (Date.now() > end) throw new Error(`never came true: ${is_so}`);
}

async function everybody(office, size) {
  const one = await person(office, 'public', size), { page } = one;

  // What the leader published is written for everybody a moment later.
  await page.goto('/public');
  await until(one, () => fetch('/public').then((answer) => answer.text()).then((text) => text.includes('/public/figures/')));
  await visit(one, '/public', { name: 'public-1-report' });
  const figures = page.locator('.report a[href*="/public/figures/"]');
  if (expect(await figures.count() > 0, 'public', 'no figure of the public report opens')) {
    await follow(one, () => figures.first().click());
    await picture(one, 'public-2-figure');
  }
  await visit(one, '/public/complain', { name: 'public-3-complain' });
  await page.fill('#text', '路修了一半停了 <script>tzRan()</script>');
  await page.fill('#about', '"><img src=x onerror=tzRan()>');
  // A form that is sent within seconds of its opening is a machine's: a person's hand takes longer.
  const opened = Date.now();
  await page.waitForFunction((since) => Date.now() - since > 4000, opened);
  await follow(one, () => page.click('main form button.primary'));
  await picture(one, 'public-4-receipt');
  const receipt = /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/.exec(await page.textContent('main'))?.[0];
  if (expect(receipt, 'public', 'no receipt')) {
    await page.goto('/public/status');
    await page.fill('#receipt', receipt);
    await follow(one, () => page.click('main form button.primary'));
    await picture(one, 'public-5-status');
    expect(await page.locator('[role=status]').count() > 0, 'public', 'nothing is said of the complaint');
  }
  await visit(one, '/public/verify', { name: 'public-6-verify' });
}

export const DAYS = { clerk, inspector, cadre, second, leader, superior, public: everybody };

// ---- All pages ----

// One page of each template that has much on it, on a phone, in the dark.
export async function dark_on_phone(office) {
  for (const [user, path] of [['leader', '/overview'], ['leader', '/figures'], ['clerk', '/tray'], ['public', '/public/complain']]) {
    const one = await person(office, user, 'phone', true);
    await one.page.goto(path);
    await picture(one, `${path.slice(1).replace(/\//g, '-')}-${user}`);
  }
}

export async function check_all_seen(office) {
  const pages = office.routes.filter(([, methods]) => methods.get?.responses['304']).map(([pattern]) => pattern);
  const missed = pages.filter((pattern) => !office.visited.has(pattern) && !MISSED.some((form) => form.test(pattern)));
  expect(missed.length === 0, 'pages', `nobody came to ${missed.join(' ')}`);
}

// What this county has not: a published list, two rows of which the linkage is in doubt.
const MISSED = [/\/report\/as\//, /^\/public\/lists\//, /^\/links\/\{pair\}$/];
