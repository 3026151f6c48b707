// Theme and rail are kept in a cookie for a year and applied at once.
const YEAR = 365 * 24 * 3600;

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
  document.documentElement.dataset[name] = value;
  markChoices();
}

function markChoices() {
  const theme = document.documentElement.dataset.theme ?? "system";
  document.querySelectorAll("[data-set-theme]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === theme));
  });
  const folded = document.documentElement.dataset.rail === "folded";
  document.querySelector("[data-fold-rail]")?.setAttribute("aria-expanded", String(!folded));
}

document.addEventListener("click", ({ target }) => {
  const theme = target.closest("[data-set-theme]");
  if (theme) remember("theme", theme.dataset.setTheme);
  if (target.closest("[data-fold-rail]")) {
    remember("rail", document.documentElement.dataset.rail === "folded" ? "open" : "folded");
  }
});

markChoices();

if (navigator.platform.startsWith("Mac")) {
  document.querySelectorAll("[data-on-mac]").forEach((key) => { key.textContent = key.dataset.onMac; });
}
