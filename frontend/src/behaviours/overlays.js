// Dialogs, sheets and menus are the browser's own; this opens and closes them.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.open).showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog, .toast")?.[closing(event.target)]();
  if (event.target.matches("dialog[open]")) event.target.close();
  closeMenus(event.target);
});

function closing(element) {
  return element.closest("dialog, .toast") instanceof HTMLDialogElement ? "close" : "remove";
}

/** Closes every menu but the one the click was in. */
function closeMenus(target) {
  const kept = target?.closest?.("details[data-menu]");
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== kept) menu.open = false;
  });
}

/** A button with data-confirm acts only after its question has been answered with its own verb. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-confirm]");
  if (!button) return;
  event.preventDefault();
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-text").textContent = button.dataset.confirm;
  document.getElementById("confirm-yes").textContent = button.textContent;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue && button.form.requestSubmit(button), { once: true });
  dialog.showModal();
}, { capture: true });

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-menu][open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

document.addEventListener("keydown", (event) => {
  const palette = document.getElementById("palette");
  if (!palette || event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
  event.preventDefault();
  if (palette.open) palette.close();
  else palette.showModal();
});

document.addEventListener("focusin", ({ target }) => closeMenus(target));
