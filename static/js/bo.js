// Every page works without this. It only saves a tap: an address that points at a payment opens its figures, and the
// sheet for the fridge gets a print button.
(function () {
  function openTarget() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var figures = target && target.querySelector("details");
    if (figures) { figures.open = true; }
  }
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  window.addEventListener("hashchange", openTarget);
  openTarget();
}());
