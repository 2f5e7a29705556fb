// office - the server under test, the browser, and what must hold on every page of every walk.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, request } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE = 30000; // of one condition, on a busy machine
export const SIZES = { desktop: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };
export const PASSWORD = 'demo-taizhang';
export const IS_LONG = Boolean(process.env.TZ_TEST_LONG);

// Everything that a text field may be given so that a careless page runs it.
export const PAYLOADS = [
  '<script>tzRan()</script>',
  '"><img src=x onerror=tzRan()>',
  "'><svg onload=tzRan()>",
  '</textarea></title></script><details open ontoggle=tzRan()>',
  'javascript:tzRan()',
  '{{{csrf}}}{{> frame}}[[<b onmouseover=tzRan()>|<b>]]',
  '<a href="javascript:tzRan()" autofocus onfocus=tzRan()>x</a>',
];

export const problems = [];
export function blame(where, what) {
  problems.push(`${where}: ${what}`);
  console.log(`      ${where}: ${what}`);
}
export function expect(is, where, what) {
  if (!is) blame(where, what);
  return is;
}

// ---- The server ----

export function serve(county, options = []) {
  return new Promise((resolve, reject) => {
    const server = spawn(process.env.RELEASE, ['-C', county, 'serve', '--listen', '127.0.0.1:0', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    function hear(bytes) {
      said += bytes;
      const at = /https?:\/\/[0-9.]+:[0-9]+/.exec(said);
      if (at) resolve({ url: at[0], end: () => new Promise((done) => { server.on('exit', done); server.kill('SIGTERM'); }) });
    }
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}

// ---- The browser ----

export async function open(url) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--ignore-certificate-errors'] /* a worker's script too */ });
  const api = await request.newContext({ baseURL: url, ignoreHTTPSErrors: true });
  const routes = Object.entries((await (await api.get('/api/v1/openapi.json?lang=zh')).json()).paths);
  await api.dispose();
  return { url, browser, routes, contexts: new Map(), visited: new Map() };
}

// A person at a screen: logged in once, then as often as wanted.
export async function person(office, user, size, dark = false) {
  const key = `${user} ${size} ${dark}`;
  if (office.contexts.has(key)) return office.contexts.get(key);
  const context = await office.browser.newContext({
    baseURL: office.url, ignoreHTTPSErrors: true, viewport: SIZES[size], locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
    colorScheme: dark ? 'dark' : 'light', hasTouch: size === 'phone', isMobile: size === 'phone', acceptDownloads: true,
  });
  context.setDefaultTimeout(PATIENCE);
  await context.exposeFunction('tzRan', () => blame(key, 'a script of a text field ran'));
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) =>
    console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`)));
  const page = await context.newPage();
  const one = { key, user, size, dark, context, page, office, allowed: [] };
  watch(one);
  if (user !== 'public') await login(one);
  office.contexts.set(key, one);
  return one;
}

// What a page must not do; `allowed` are patterns of what a step means to cause.
function watch(one) {
  const { page } = one;
  const is_meant = (text) => one.allowed.some((pattern) => pattern.test(text));
  page.on('dialog', (dialog) => { blame(one.key, `dialog “${dialog.message()}” on ${page.url()}`); dialog.dismiss(); });
  page.on('pageerror', (error) => blame(one.key, `script of ${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text()) && !is_meant(message.text())) blame(one.key, `console of ${page.url()}: ${message.text()}`);
  });
  page.on('requestfailed', (failed) => {
    const why = failed.failure()?.errorText ?? '';
    if (!/ERR_ABORTED/.test(why) && !is_meant(`${failed.url()} ${why}`)) blame(one.key, `${failed.method()} ${failed.url()}: ${why}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 400 && !is_meant(`${answer.url()} ${answer.status()}`)) blame(one.key, `${answer.request().method()} ${answer.url()}: ${answer.status()}${one.came_from ? ` (a link of ${one.came_from})` : ''}`);
    if (!answer.url().startsWith(one.office.url) && !/^(data|blob):/.test(answer.url())) blame(one.key, `asks for ${answer.url()}, outside`);
  });
}

async function login(one) {
  const { page } = one;
  await page.goto('/login');
  await page.fill('#user', one.user);
  await page.fill('#password', PASSWORD);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/login')), page.click('main button.primary')]);
}

// Clicks (or whatever) and waits until the page that follows is there.
export async function follow(one, act) {
  await Promise.all([one.page.waitForNavigation({ waitUntil: 'load' }), act()]);
}

// ---- What holds on every page ----

export function pattern_of(office, path) {
  const fits = (pattern) => new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
  const found = office.routes.filter(([pattern]) => fits(pattern));
  found.sort((a, b) => (a[0].match(/\{/g) ?? []).length - (b[0].match(/\{/g) ?? []).length);
  return found.length > 0 ? found[0][0] : path;
}

export async function picture(one, name) {
  const folder = `${process.env.SHOTS}/${one.size}${one.dark ? '-dark' : ''}`;
  mkdirSync(folder, { recursive: true });
  await fits_screen(one, `${one.key} ${name}`);
  await one.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

export async function axe(one, where) {
  await one.page.evaluate(AXE);
  const found = await one.page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  for (const rule of found.violations)
    if (rule.impact === 'serious' || rule.impact === 'critical')
      blame(where, `axe ${rule.id} ×${rule.nodes.length}: ${rule.nodes[0].html.slice(0, 160)} ${rule.nodes[0].failureSummary.split('\n')[1] ?? ''}`);
}

// A phone shows nothing beyond its right edge but what scrolls in a box of its own.
export async function fits_screen(one, where) {
  const over = await one.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over <= 1, where, `the page is ${over} px wider than the screen`);
}

const HAN = /[\u3400-\u9fff\uff0c\uff1a\uff1b\u3001\u3002]+/g;

function texts_of(html) {
  const text = html.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, ' ').replace(/<(article class="report"|pre|textarea)\b[\s\S]*?<\/(article|pre|textarea)>/g, ' ');
  const attributes = [...text.matchAll(/\b(?:title|alt|placeholder|aria-label|data-label|value)="([^"]*)"/g)].map((match) => match[1]);
  return text.replace(/<[^>]*>/g, '\n').split('\n').concat(attributes);
}

// Names of units, places and ledgers, which stand in pages that have other data.
async function words_of(office) {
  const one = await person(office, 'inspector', 'desktop');
  const lists = await Promise.all(['/deliveries.json', '/issues.json?state=all', '/households.json'].map((path) => one.context.request.get(path)));
  return (await Promise.all(lists.map((list) => list.text()))).join(' ');
}

// The English page has no Chinese but what its data say: names, places, texts of the county.
export async function english(one, path, where) {
  const cookies = await one.context.cookies();
  const api = await request.newContext({ baseURL: one.office.url, ignoreHTTPSErrors: true,
    extraHTTPHeaders: { Cookie: cookies.filter((cookie) => cookie.name !== 'tz_lang' && cookie.name !== 'tz_notice').map((cookie) => `${cookie.name}=${cookie.value}`).join('; ') } });
  const [clean, query] = path.split('?');
  const [page, data] = await Promise.all([
    api.get(`${clean}?${query ? `${query}&` : ''}lang=en`), api.get(`${clean}.json?${query ? `${query}&` : ''}lang=en`)]);
  const html = await page.text(), json = data.ok() && /json/.test(data.headers()['content-type']) ? JSON.stringify(await data.json()) : '';
  await api.dispose();
  one.office.words ??= await words_of(one.office);
  expect(/<html lang="en">/.test(html), where, 'no English page');
  const known = one.office.words + json + decodeURI(query ?? '') + (/<header[\s\S]*?<\/header>/.exec(html)?.[0].match(/(<a class="brand"[\s\S]*?<\/a>|<summary>[^<]*|<li class="muted">[^<]*)/g) ?? []).join(' ') + '中文';
  const strange = new Set();
  for (const line of texts_of(html))
    for (const run of line.match(HAN) ?? [])
      if (!known.includes(run) && ![...run.matchAll(/[\u3400-\u9fff]+/g)].every((word) => known.includes(word[0]))) strange.add(run);
  expect(strange.size === 0, where, `Chinese on the English page: ${[...strange].slice(0, 8).join(' ')}`);
}

// Goes to a path and looks at it as one should at any page.
export async function visit(one, path, { name, is_quick = false } = {}) {
  const pattern = pattern_of(one.office, path.split('?')[0].split('#')[0]);
  const label = name ?? `${pattern.slice(1).replace(/[{}]/g, '').replace(/\//g, '-') || 'front'}-${one.user}`;
  const where = `${one.key} ${path}`;
  const answer = await one.page.goto(path, { waitUntil: 'load' });
  if (is_quick || answer?.status() >= 400) return; // what failed is on record already
  await picture(one, label);
  if (IS_LONG || (one.size === 'desktop' && !one.office.visited.has(pattern))) await axe(one, where);
  if (!one.office.visited.has(pattern) && one.size === 'desktop') await english(one, new URL(one.page.url()).pathname + new URL(one.page.url()).search, where);
  one.office.visited.set(pattern, [...(one.office.visited.get(pattern) ?? []), one.key]);
}
