// The palette behind ⌘K: the server answers the search with options; arrows choose, Enter goes.
const chosen = "aria-selected";

function select(palette, option) {
  palette.querySelectorAll("[role=option]").forEach((other) => other.setAttribute(chosen, String(other === option)));
  palette.querySelector("input").setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function move(palette, step) {
  const options = [...palette.querySelectorAll("[role=option]")];
  const now = options.findIndex((option) => option.getAttribute(chosen) === "true");
  if (options.length) select(palette, options[(now + step + options.length) % options.length]);
}

function onKey(palette, event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(palette, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    palette.querySelector(`[role=option][${chosen}=true]`)?.click();
  }
}

/** Gives the palette its keys. */
export function start(palette) {
  if (palette.dataset.started !== undefined) return;
  palette.dataset.started = "";
  palette.addEventListener("keydown", (event) => onKey(palette, event));
  const selectFirst = () => select(palette, palette.querySelector("[role=option]"));
  palette.addEventListener("htmx:after:swap", selectFirst);
  selectFirst();
}
