// Warns two minutes before the session ends, in a dialog that a keyboard and a screen reader can answer. It only reminds:
// the server ends the session whatever happens here, and without this script the button at the foot of the page does
// the same. Before it warns it asks the server, for another window may have been used meanwhile.
(function () {
  var dialog = document.querySelector(".bo-session-dialog");
  if (!dialog || !dialog.showModal || !window.fetch) { return; }
  var warning = Number(dialog.dataset.warning);
  var timer;

  function leave() {
    var back = encodeURIComponent(location.pathname + location.search);
    location.replace(dialog.dataset.over + "&next=" + back);
  }
  function wait(left) {
    clearTimeout(timer);
    timer = setTimeout(ask, Math.max(left.seconds > warning ? left.seconds - warning : left.seconds, 1) * 1000);
  }
  function show(left) {
    if (left.seconds <= 0) { leave(); return; }
    if (left.seconds > warning) {
      if (dialog.open) { dialog.close(); }
    } else if (!dialog.open) {
      dialog.querySelector("[data-while=idle]").hidden = left.last;
      dialog.querySelector("[data-while=last]").hidden = !left.last;
      dialog.querySelector(".bo-session-stay").hidden = left.last;
      dialog.showModal();
    }
    wait(left);
  }
  function call(address, options) {
    options.headers = Object.assign({Accept: "application/json"}, options.headers);
    return fetch(address, options).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(show);
  }
  // Without an answer nobody knows: it is asked again in a quarter of a minute.
  function ask() {
    call(dialog.dataset.ask, {}).catch(function () { timer = setTimeout(ask, 15000); });
  }
  function stay(event) {
    event.preventDefault();
    var form = dialog.querySelector(".bo-session-stay");
    if (form.hidden) { dialog.close(); return; }
    call(form.action, {method: "POST", body: new FormData(form)}).catch(function () { form.submit(); });
  }

  dialog.querySelector(".bo-session-stay").addEventListener("submit", stay);
  dialog.addEventListener("cancel", stay);
  // A machine that has slept counts no seconds.
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { ask(); } });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { ask(); } });
  if (Number(dialog.dataset.left) > warning) { wait({seconds: Number(dialog.dataset.left)}); } else { ask(); }
}());
