/* verifying - the pages /verify and /public/verify: everything is computed here, by verify.js; only public files are fetched. */
(function () {
  'use strict';
  var V = window.TaizhangVerify, box = document.querySelector('.verify'), byId = function (id) { return document.getElementById(id); };

  /* Where the browser reads codes, a photo of one fills the field; the photo goes nowhere. */
  var scan = byId('scan');
  if (scan && 'BarcodeDetector' in window && typeof createImageBitmap === 'function') {
    byId('scan-field').hidden = false;
    scan.addEventListener('change', function () {
      var told = byId('scan-told');
      if (!scan.files[0]) return;
      createImageBitmap(scan.files[0]).then(function (image) {
        return new window.BarcodeDetector({formats: ['qr_code']}).detect(image);
      }).then(function (found) {
        told.textContent = found.length > 0 ? '' : told.dataset.none;
        if (found.length > 0) byId('code').value = found[0].rawValue.slice(0, 40);
      }).catch(function () { told.textContent = told.dataset.none; });
    });
  }
  if (!V || typeof BigInt === 'undefined') return;

  /* "中文 | English" in the reader's language. */
  function half(text, lang) {
    var parts = String(text).split(' | ');
    return parts.length === 2 ? parts[lang === 'en' ? 1 : 0] : text;
  }
  function show(where, holds, text) {
    where.className = 'card verdict ' + (holds === true ? 'holds' : holds === false ? 'refused' : '');
    where.textContent = (holds === true ? '\u2713 ' : holds === false ? '\u2717 ' : '') + text;
  }
  function readFile(input, then) {
    var file = input.files[0], reader = new FileReader();
    if (!file) return;
    reader.onload = function () { then(reader.result); };
    reader.readAsText(file);
  }

  if (box) {
    var lang = box.dataset.lang, kept = byId('kept'), verdict = byId('verdict');
    show(verdict, null, half('粘贴或选择以前存下的签名,按“比较”。 | Paste or choose a signature that you kept, then press Compare.', lang));
    byId('kept-file').addEventListener('change', function () { readFile(this, function (text) { kept.value = text; }); });
    byId('compare').addEventListener('click', function () {
      var since = '';
      try {
        var lines = V.readKept(kept.value).note.split('\n');
        since = box.dataset.asks === '1' && /^[0-9]+$/.test(lines[1]) ? '?since=' + lines[1] : '';
      } catch (wrong) {
        show(verdict, false, half(wrong.message, lang));
        return;
      }
      fetch(box.dataset.checkpoint + since).then(function (answer) { return answer.text(); }).then(function (text) {
        var said = V.compare(kept.value, text);
        show(verdict, true, half('成立:现在的日志从您存下的那一份增长而来,其间没有改动。 | It holds: the journal grew from what you kept, and nothing before was changed.', lang) +
          '\n' + said.origin + '\n' + said.before + ' \u2192 ' + said.now + half(' 条 |  entries', lang) + '\n' + half('公钥指纹 | key', lang) + ' ' + said.key +
          (said.isSameKey ? '' : '\n' + half('您存下的由另一把密钥签名:请与当时公布的指纹核对。 | Yours was signed with another key: compare it with the fingerprint of then.', lang)));
      }).catch(function (wrong) { show(verdict, false, half(wrong.message, lang)); });
    });
  }

  var prove = document.querySelector('.prove');
  if (prove) {
    var told = byId('proven');
    prove.addEventListener('submit', function (event) {
      var wanted = byId('key').value.trim().toLowerCase() || undefined, issue = byId('issue').value.trim().replace(/^#/, '');
      event.preventDefault();
      show(told, null, half('正在取证明…… | Fetching the proof…', prove.dataset.lang));
      fetch('/verify/issues/' + encodeURIComponent(issue) + '.json').then(function (answer) { return answer.text(); }).then(function (text) {
        var file = JSON.parse(text), said;
        if (file.error) throw new Error(file.error.line);
        said = V.check(new TextEncoder().encode(text));
        if (!V.isKey(said, wanted)) throw new Error(half('由另一把密钥签名 | signed with another key', prove.dataset.lang) + ': ' + said.key);
        show(told, true, half('成立:这个问题的每一步都在签名的日志里。 | It holds: every step of this issue stands in the signed journal.', prove.dataset.lang) + '\n' + V.report(said, wanted));
      }).catch(function (wrong) { show(told, false, half(wrong.message, prove.dataset.lang)); });
    });
  }
}());
