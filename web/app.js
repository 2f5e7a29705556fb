/* app - what every page does beyond plain HTML. All of it may be missing. */
(function () {
  'use strict';

  /* Menus of details close when one clicks elsewhere or presses Escape. */
  function closeMenus(except) {
    document.querySelectorAll('header details[open]').forEach(function (one) {
      if (one !== except && !one.contains(except)) one.open = false;
    });
  }
  document.addEventListener('click', function (event) { closeMenus(event.target); });
  document.addEventListener('keydown', function (event) { if (event.key === 'Escape') closeMenus(null); });

  /* On a wide screen the menu is always open. */
  var wide = window.matchMedia('(min-width: 60em)'), menu = document.querySelector('header .menu');
  function unfold() { if (menu) menu.open = wide.matches; }
  unfold();
  if (wide.addEventListener) wide.addEventListener('change', unfold);

  /* What scrolls in a box of its own is reached by keyboard too, where nothing in it can be. */
  function reachable() {
    document.querySelectorAll('.scroll').forEach(function (box) {
      var head = box.closest('section, main').querySelector('h2, h1');
      if (box.tabIndex >= 0 || box.scrollWidth <= box.clientWidth) return;
      box.tabIndex = 0;
      box.setAttribute('role', 'region');
      if (head) box.setAttribute('aria-label', head.textContent.trim());
    });
  }
  reachable();
  document.addEventListener('htmx:afterSettle', reachable);

  /* A form is sent once: its button rests until the page goes. */
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(function () { delete form.dataset.sent; }, 4000);
  });

  /* data-submit: a choice that sends its form. */
  document.addEventListener('change', function (event) {
    if (event.target.dataset && 'submit' in event.target.dataset && event.target.form) event.target.form.requestSubmit ? event.target.form.requestSubmit() : event.target.form.submit();
  });

  /* data-all: a box that ticks all others of a name in its form. */
  document.addEventListener('change', function (event) {
    var name = event.target.dataset && event.target.dataset.all;
    if (!name || !event.target.form) return;
    event.target.form.querySelectorAll('input[type=checkbox][name="' + name + '"]').forEach(function (one) { one.checked = event.target.checked; });
  });

  /* data-slider: a field of a number gets a slider beside it; each moves the other. */
  document.querySelectorAll('input[data-slider]').forEach(function (field) {
    var slider = document.createElement('input');
    slider.type = 'range';
    slider.min = '0';
    slider.max = field.dataset.most;
    slider.step = field.dataset.step;
    slider.value = field.value;
    slider.setAttribute('aria-label', (document.querySelector('label[for="' + field.id + '"]') || {}).textContent || field.name);
    slider.addEventListener('input', function () { field.value = slider.value; });
    field.addEventListener('input', function () { slider.value = field.value; });
    field.insertAdjacentElement('afterend', slider);
  });
}());
