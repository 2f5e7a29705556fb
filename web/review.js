/* review - keys for the review of links: J the same, K not the same, L don't know. The buttons do it without this. */
(function () {
  'use strict';
  if (window.reviewKeys) return;
  window.reviewKeys = true;
  document.addEventListener('keydown', function (event) {
    var tag = event.target.tagName, one;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || tag === 'INPUT' || tag === 'TEXTAREA' || tag === 'SELECT') return;
    one = document.querySelector('#review button[data-key="' + String(event.key).toLowerCase().replace(/[^jkl]/g, '') + '"]');
    if (one) { event.preventDefault(); one.click(); }
  });
}());
