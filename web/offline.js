/* offline - drafts on a phone: kept where there is no network, sent later if their owner says so, taken once.
 *
 * A draft is {id, issue, note, files[{name, blob}], at}. Its id goes with it; what was sent already is taken for done.
 */
(function () {
  'use strict';
  var zh = document.documentElement.lang.indexOf('zh') === 0;
  function say(chinese, english) { return zh ? chinese : english; }
  function element(name, text, parent) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    if (parent) parent.appendChild(made);
    return made;
  }
  function newId() {
    var bytes = new Uint8Array(16), text = '';
    crypto.getRandomValues(bytes);
    bytes.forEach(function (one) { text += ('0' + one.toString(16)).slice(-2); });
    return text;
  }

  /* ---- The store ---- */
  function open() {
    return new Promise(function (done, failed) {
      if (!window.indexedDB) { failed(new Error('none')); return; }
      var asked = indexedDB.open('taizhang', 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore('drafts', { keyPath: 'id' }); };
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = function () { failed(asked.error); };
    });
  }
  function store(mode, use) {
    return open().then(function (db) {
      return new Promise(function (done, failed) {
        var change = db.transaction('drafts', mode), asked = use(change.objectStore('drafts'));
        change.oncomplete = function () { db.close(); done(asked.result); };
        change.onerror = change.onabort = function () { db.close(); failed(change.error); };
      });
    });
  }
  function put(draft) { return store('readwrite', function (at) { return at.put(draft); }); }
  function drop(id) { return store('readwrite', function (at) { return at.delete(id); }); }
  function all() { return store('readonly', function (at) { return at.getAll(); }); }

  /* ---- Photos ---- */
  function shrink(file) {
    return new Promise(function (done) {
      if (!/^image\//.test(file.type)) { done(file); return; }
      var url = URL.createObjectURL(file), reader = new FileReader(), image = new Image();
      URL.revokeObjectURL(url);
      reader.onload = function () { image.src = reader.result; };
      reader.onerror = image.onerror = function () { done(file); };
      image.onload = function () {
        var most = 1600, scale = Math.min(1, most / Math.max(image.width, image.height)), canvas = document.createElement('canvas');
        canvas.width = Math.round(image.width * scale);
        canvas.height = Math.round(image.height * scale);
        canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) { done(blob && blob.size < file.size ? blob : file); }, 'image/jpeg', 0.8);
      };
      reader.readAsDataURL(file);
    });
  }
  function gather(input, isShrunk) {
    var files = Array.prototype.slice.call((input && input.files) || []);
    return Promise.all(files.map(function (file) {
      return (isShrunk ? shrink(file) : Promise.resolve(file)).then(function (blob) {
        var name = blob === file ? file.name : file.name.replace(/\.[^.]*$/, '') + '.jpg';
        return { name: name, blob: blob, kind: /^image\//.test(file.type) ? 'photo' : 'document' };
      });
    }));
  }

  /* ---- Sending ---- */
  function token(issue) { /* a page of ours has the token of the login; without a login it is another page */
    return fetch('/issues/' + issue, { credentials: 'same-origin' }).then(function (answer) {
      return answer.text().then(function (text) {
        var page = new DOMParser().parseFromString(text, 'text/html'), field = page.querySelector('form.act input[name=csrf]');
        if (answer.redirected && /\/login/.test(answer.url)) throw new Error(say('请先登录,再发送', 'log in first, then send'));
        if (!answer.ok || !field) throw new Error(say('打不开问题 #' + issue, 'issue #' + issue + ' cannot be opened'));
        return field.value;
      });
    });
  }
  function post(issue, action, csrf, values) {
    var form = new FormData();
    form.append('csrf', csrf);
    Object.keys(values).forEach(function (name) {
      if (name === 'file') form.append('file', values.file.blob, values.file.name);
      else form.append(name, values[name]);
    });
    return fetch('/issues/' + issue + '/' + action, { method: 'POST', body: form, credentials: 'same-origin' }).then(function (answer) {
      if (answer.ok) return;
      return answer.text().then(function (text) {
        var said = new DOMParser().parseFromString(text, 'text/html').querySelector('.error');
        throw new Error(said ? said.textContent.trim() : say('没有收下', 'not taken'));
      });
    });
  }
  function send(draft) {
    return token(draft.issue).then(function (csrf) {
      var steps = draft.files.map(function (file, index) {
        return function () { return post(draft.issue, 'attach', csrf, { draft: draft.id + '-' + index, kind: file.kind, file: file }); };
      });
      if (draft.note) steps.unshift(function () { return post(draft.issue, 'note', csrf, { draft: draft.id, note: draft.note }); });
      return steps.reduce(function (before, next) { return before.then(next); }, Promise.resolve());
    }).then(function () { return drop(draft.id); });
  }

  /* ---- What waits ---- */
  function banner(count) {
    var old = document.querySelector('.waits');
    if (old) old.remove();
    if (!count || document.getElementById('offline-list')) return;
    var box = element('div', '', document.body);
    box.className = 'waits';
    box.setAttribute('role', 'status');
    element('span', say(count + ' 份草稿在这部手机里,还没有发送', count + ' drafts on this phone are not sent'), box);
    var link = element('a', say('查看并发送', 'look and send'), box);
    link.href = '/offline';
  }
  function list(drafts) {
    var place = document.getElementById('offline-list');
    if (!place) return;
    place.textContent = '';
    if (!drafts.length) { element('p', say('没有待发送的草稿。', 'Nothing waits.'), place).className = 'empty'; return; }
    drafts.forEach(function (draft) {
      var card = element('div', '', place), row;
      card.className = 'card';
      element('h3', say('问题 #', 'Issue #') + draft.issue, card);
      element('p', draft.note, card);
      element('p', new Date(draft.at).toLocaleString() + (draft.files.length ? ' · ' + draft.files.map(function (file) {
        return file.name + ' ' + Math.ceil(file.blob.size / 1024) + ' KB';
      }).join(', ') : ''), card).className = 'muted';
      row = element('p', '', card);
      row.className = 'actions';
      var go = element('button', say('发送', 'Send'), row), away = element('button', say('删除', 'Delete'), row), said = element('span', '', row);
      go.className = 'primary';
      away.className = 'quiet';
      said.setAttribute('role', 'status');
      go.addEventListener('click', function () {
        go.disabled = true;
        said.textContent = say('正在发送…', 'sending…');
        send(draft).then(refresh).catch(function (why) {
          go.disabled = false;
          said.textContent = say('没有发出,草稿还在:', 'not sent, the draft stays: ') + (navigator.onLine ? why.message : say('没有网络', 'no network'));
        });
      });
      away.addEventListener('click', function () { drop(draft.id).then(refresh); });
    });
  }
  function refresh() {
    return all().then(function (drafts) {
      drafts.sort(function (a, b) { return b.at - a.at; });
      banner(drafts.length);
      list(drafts);
    }).catch(function () { /* a browser that keeps nothing: plain forms work */ });
  }

  /* ---- The page of drafts ---- */
  function known() { try { return JSON.parse(localStorage.getItem('taizhang-issues') || '[]'); } catch (error) { return []; } }
  function keepDraft(issue, note, input, isShrunk) {
    return gather(input, isShrunk).then(function (files) {
      if (!note && !files.length) throw new Error(say('写一点进展,或附一张照片', 'write something, or add a photo'));
      return put({ id: newId(), issue: issue, note: note, files: files, at: Date.now() });
    });
  }
  var own = document.getElementById('offline-form');
  if (own) {
    known().forEach(function (number) { element('option', '', document.getElementById('offline-known')).value = number; });
    var asked = /[?&]issue=(\d+)/.exec(location.search);
    if (asked) own.elements.issue.value = asked[1];
    own.addEventListener('submit', function (event) {
      var said = document.getElementById('offline-said'), issue = own.elements.issue.value.replace(/\D/g, '');
      event.preventDefault();
      if (!issue) { said.textContent = say('问题编号是数字', 'an issue is a number'); return; }
      keepDraft(issue, own.elements.note.value.trim(), own.elements.file, document.getElementById('offline-shrink').checked).then(function () {
        own.reset();
        said.textContent = say('已存在手机里', 'kept on this phone');
        return refresh();
      }).catch(function (why) { said.textContent = why.message; });
    });
  }

  /* ---- The page of an issue ---- */
  var at = /^\/issues\/(\d+)$/.exec(location.pathname);
  if (at && document.querySelector('form[data-offline]')) {
    try { localStorage.setItem('taizhang-issues', JSON.stringify([at[1]].concat(known().filter(function (one) { return one !== at[1]; })).slice(0, 20))); } catch (error) { /* full */ }
    document.querySelectorAll('input[data-draft]').forEach(function (field) { field.value = newId(); });
    document.querySelectorAll('[data-script]').forEach(function (part) { part.hidden = false; });
    document.querySelectorAll('form[data-offline]').forEach(function (form) {
      form.addEventListener('submit', function (event) {
        var note = form.elements.note ? form.elements.note.value.trim() : '', input = form.elements.file, box = form.querySelector('[data-shrink]');
        if (!navigator.onLine) { /* kept by choice of the one who presses the button where there is no network */
          event.preventDefault();
          keepDraft(at[1], note, input, true).then(function () { form.reset(); return refresh(); }).catch(function (why) { window.alert(why.message); });
        } else if (box && box.checked && input && input.files.length && !form.dataset.shrunk && window.DataTransfer) {
          event.preventDefault();
          event.stopImmediatePropagation();
          gather(input, true).then(function (files) {
            var carried = new DataTransfer();
            files.forEach(function (file) { carried.items.add(new File([file.blob], file.name, { type: file.blob.type })); });
            input.files = carried.files;
            form.dataset.shrunk = '1';
            form.requestSubmit ? form.requestSubmit() : form.submit();
          });
        }
      });
    });
    /* What is typed is kept on the server a moment later, so nothing is typed twice. */
    document.querySelectorAll('[data-keep]').forEach(function (field) {
      var timer = 0, last = field.value, mark = document.querySelector('[data-kept]');
      field.addEventListener('input', function () {
        clearTimeout(timer);
        timer = setTimeout(function () {
          if (field.value === last || !navigator.onLine) return;
          var form = new URLSearchParams();
          form.append('csrf', field.form.elements.csrf.value);
          form.append('note', field.value);
          fetch(field.dataset.keep, { method: 'POST', body: form, credentials: 'same-origin', redirect: 'manual' }).then(function () {
            last = field.value;
            if (mark) mark.textContent = say('草稿已存', 'draft kept');
          }).catch(function () { if (mark) mark.textContent = say('没有网络,草稿未存', 'no network, not kept'); });
        }, 2000);
      });
    });
  }

  if ('serviceWorker' in navigator && (at || own)) navigator.serviceWorker.register('/sw.js', { scope: '/' }).catch(function () { /* plain HTTP: no drafts offline */ });
  refresh();
}());
