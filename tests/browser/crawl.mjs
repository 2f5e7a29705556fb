// crawl - every page that a person can reach by links, one of each kind.
import { IS_LONG, PAYLOADS, blame, pattern_of, visit } from './office.mjs';

// Downloads and ways out: no pages to look at.
const NO_PAGES = [/\/errors$/, /\/template$/, /\/as\//, /\/file$/, /\/proof/, /\/checkpoint$/, /^\/verify\/issues\//, /\/original/, /\.(json|csv|xlsx|svg|png|pdf|docx)$/, /^\/static\//,
  /\/photos?\//, /\/attachments?\//, /\/letter/];

async function links_of(one) {
  return one.page.$$eval('a[href]', (links) => links.filter((a) => !a.hasAttribute('download')).map((a) => a.getAttribute('href')));
}

// Breadth first from the menu. A kind is a route and the names of what its query filters by.
export async function crawl(one, { starts = ['/', '/account', '/help'], all = false } = {}) {
  const seen = new Set(), from = new Map(), queue = [...starts];
  while (queue.length > 0) {
    const href = queue.shift(), url = new URL(href, one.office.url);
    const path = decodeURI(url.pathname), pattern = pattern_of(one.office, path);
    if (url.origin !== one.office.url || NO_PAGES.some((form) => form.test(path)) || url.searchParams.has('lang')) continue;
    const kind = pattern === '/search' ? pattern : pattern + [...url.searchParams.keys()].filter(() => IS_LONG && all).sort().join(',');
    if (seen.has(kind)) continue;
    seen.add(kind);
    one.came_from = from.get(href);
    if (!IS_LONG && !all && one.office.visited.has(pattern)) {
      await visit(one, url.pathname + url.search, { is_quick: true });
    } else {
      await visit(one, url.pathname + url.search);
      await reflect(one, url.pathname);
    }
    for (const next of await links_of(one)) {
      const target = new URL(next, one.page.url()).href;
      if (!from.has(target)) from.set(target, one.page.url());
      queue.push(target);
    }
  }
  return seen;
}

// Each form that asks by an address is asked with what a careless page would run, and the page itself with parameters of any name.
async function reflect(one, path) {
  const forms = await one.page.$$eval('main form', (all) => all.filter((form) => form.method === 'get').map((form) => ({
    action: new URL(form.action).pathname, names: [...form.elements].filter((field) => field.name && field.name !== 'as_of').map((field) => field.name) })));
  const payloads = IS_LONG ? PAYLOADS : PAYLOADS.slice(1, 2);
  const asked = forms.length > 0 ? forms : [{ action: path, names: ['q', 'sort', 'next'] }];
  const was = one.page.url();
  one.allowed.push(/ (400|404|409|422)$/);
  for (const form of asked)
    for (const payload of payloads) {
      const query = new URLSearchParams(form.names.map((name) => [name, payload]));
      await one.page.goto(`${form.action}?${query}`, { waitUntil: 'load' });
      if (await one.page.$('img[src="x"], [onload], [onerror], [ontoggle], [onfocus], [onmouseover], a[href^="javascript"]')) blame(`${one.key} ${form.action}`, `takes ${payload} for markup`);
    }
  one.allowed.pop();
  await one.page.goto(was, { waitUntil: 'load' });
}
