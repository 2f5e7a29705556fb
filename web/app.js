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

  /* data-fold: on a narrow screen it opens folded, unless something in it asks to be looked at. */
  if (window.matchMedia('(max-width: 40em)').matches)
    document.querySelectorAll('details[data-fold]').forEach(function (one) { one.open = one.querySelector('.doubt') !== null; });

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

  /* What was typed and refused comes back into its form: after an error, a login that ran out, a page that was stale. It stays in this
   * tab, for who typed it, and goes with the next page that is no refusal. Passwords and files are not kept. */
  var KEPT = 'taizhang-typed', who = (document.querySelector('header .who summary') || {}).textContent || '';
  var zh = document.documentElement.lang.indexOf('zh') === 0;
  function typedFields(form) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name && ['hidden', 'password', 'file', 'submit', 'button'].indexOf(one.type) < 0 && one.tagName !== 'FIELDSET';
    });
  }
  function actionOf(form) { return form.getAttribute('action') || location.pathname; }
  function keepTyped(form) {
    var fields = typedFields(form).map(function (one) { return /checkbox|radio/.test(one.type) ? one.checked : one.value; });
    try { sessionStorage.setItem(KEPT, JSON.stringify({ action: actionOf(form), who: who, fields: fields })); } catch (full) { /* typed again */ }
  }
  function fillIn(form, fields) {
    var isNew = false;
    typedFields(form).forEach(function (one, index) {
      var value = fields[index];
      if (value === undefined) return;
      if (typeof value === 'boolean') { isNew = isNew || one.checked !== value; one.checked = value; return; }
      isNew = isNew || one.value !== value;
      one.value = value;
    });
    for (var fold = form.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
    return isNew;
  }
  function comeBack() {
    var text = null, kept, form, told;
    try { text = sessionStorage.getItem(KEPT); } catch (denied) { return; }
    if (!text) return;
    kept = JSON.parse(text);
    if (document.querySelector('main .error[role=alert]')) {
      kept.isRefused = true;
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
    }
    if (!who) return; /* not logged in yet */
    form = Array.prototype.find.call(document.querySelectorAll('main form[method=post]'), function (one) { return actionOf(one) === kept.action; });
    if (!kept.isRefused || kept.who !== who || form) sessionStorage.removeItem(KEPT);
    if (!kept.isRefused || kept.who !== who || !form || !fillIn(form, kept.fields)) return;
    told = document.createElement('p');
    told.className = 'hint';
    told.setAttribute('role', 'status');
    told.textContent = zh ? '刚才写的已填回。' : 'What you had typed is back in the form.';
    form.insertAdjacentElement('afterbegin', told);
  }
  comeBack();

  /* A form is sent once: its button rests until the page goes. */
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    if (who) keepTyped(form);
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

  /* A browser shows dates in the way of its own language; where that does not begin with the year, the date stands beside as all pages write it. */
  if (new Intl.DateTimeFormat(navigator.language).formatToParts(new Date())[0].type !== 'year')
    document.querySelectorAll('main input[type=date]').forEach(function (field) {
      var beside = document.createElement('output');
      function show() { beside.textContent = field.value; }
      beside.className = 'day';
      beside.setAttribute('for', field.id);
      field.insertAdjacentElement('afterend', beside);
      field.addEventListener('input', show);
      show();
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
