// Every form of the kit: one submit at a time, and no change lost without a word.
const guarded = (element) => element.closest?.("form[data-guard]");

document.addEventListener("input", ({ target }) => {
  const form = guarded(target);
  if (form) form.dataset.dirty = "";
});

document.addEventListener("reset", ({ target }) => delete target.dataset.dirty);

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  if (form.dataset.busy !== undefined) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.method === "get") return;
  delete form.dataset.dirty;
  setBusy(form, true);
}, { capture: true });

/** Marks a form as under way; its buttons stay enabled, so that the pressed one is still sent. */
function setBusy(form, busy) {
  if (busy) form.dataset.busy = "";
  else delete form.dataset.busy;
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    button.setAttribute("aria-busy", String(busy));
  }
}

function release() {
  document.querySelectorAll("form[data-busy]").forEach((form) => setBusy(form, false));
}

document.addEventListener("htmx:finally:request", release);
// The browser may show a page as it was left: its forms must be usable again.
addEventListener("pageshow", release);

// Filters and the like apply at once when changed; without scripts their button does it.
document.addEventListener("change", ({ target }) => {
  if (target.matches("form[data-auto-submit] :is(select, [type=checkbox], [type=radio])")) target.form.requestSubmit();
});

// A page that came back as a whole, because its form was refused, begins at the first field that needs a correction.
document.querySelector("[aria-invalid=true]")?.focus();
