/* tray - files are dropped anywhere on their form, and sent at once. Without script the form has a button. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-drop]');
  if (!form || !('files' in document.createElement('input'))) return;
  var input = form.querySelector('input[type=file]'), said = form.querySelector('[data-drop-said]'), zh = document.documentElement.lang.slice(0, 2) === 'zh';

  function send() {
    if (!input.files.length) return;
    var bytes = 0;
    for (var i = 0; i < input.files.length; i++) bytes += input.files[i].size;
    said.textContent = (zh ? '正在送出 ' : 'Sending ') + input.files.length + (zh ? ' 个文件,' : ' files, ') + Math.ceil(bytes / 1024) + ' KB';
    form.requestSubmit ? form.requestSubmit() : form.submit();
  }
  input.addEventListener('change', send);

  ['dragenter', 'dragover'].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (!event.dataTransfer || Array.prototype.indexOf.call(event.dataTransfer.types, 'Files') < 0) return;
      event.preventDefault();
      form.classList.add('over');
    });
  });
  document.addEventListener('dragleave', function (event) { if (!event.relatedTarget) form.classList.remove('over'); });
  document.addEventListener('drop', function (event) {
    if (!event.dataTransfer || !event.dataTransfer.files.length) return;
    event.preventDefault();
    form.classList.remove('over');
    input.files = event.dataTransfer.files;
    send();
  });
}());
