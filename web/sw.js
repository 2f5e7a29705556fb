/* sw - the worker of a phone: keeps one page and its script for where there is no network, and nothing of the county. */
'use strict';
var KEPT = 'taizhang-offline-1';

/* The page names its files with their versions, so they are read off it. */
function keep() {
  return caches.open(KEPT).then(function (cache) {
    return fetch('/offline', { credentials: 'omit' }).then(function (answer) {
      if (!answer.ok) throw new Error('no page');
      return answer.clone().text().then(function (text) {
        var files = [], part, search = /(?:href|src)="(\/static\/[^"]+)"/g;
        while ((part = search.exec(text)) !== null) files.push(part[1].replace(/&amp;/g, '&'));
        return cache.put('/offline', answer).then(function () { return cache.addAll(files); });
      });
    });
  });
}

self.addEventListener('install', function (event) {
  event.waitUntil(keep().then(function () { return self.skipWaiting(); }));
});
self.addEventListener('activate', function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.map(function (name) { return name === KEPT ? null : caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});

/* A page that can't be had becomes the page of drafts; its files come from the network first. */
self.addEventListener('fetch', function (event) {
  var url = new URL(event.request.url), isPage = event.request.mode === 'navigate', isFile = url.pathname.indexOf('/static/') === 0;
  if (event.request.method !== 'GET' || url.origin !== self.location.origin || (!isPage && !isFile)) return;
  event.respondWith(fetch(event.request).catch(function () {
    return caches.match(isPage ? '/offline' : event.request).then(function (kept) { return kept || Response.error(); });
  }));
});
