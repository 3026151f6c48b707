// Parts that few pages use are fetched when a page shows that it needs them.
const PARTS = {
  "canvas[data-chart]": () => import("./chart.js"),
  "[data-passkey]": () => import("./passkeys.js"),
  "#palette": () => import("./palette.js"),
};

function load(root) {
  for (const [selector, part] of Object.entries(PARTS)) {
    const elements = root.querySelectorAll(selector);
    if (elements.length) part().then(({ start }) => elements.forEach((element) => start(element)));
  }
}

load(document);
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => load(ctx.target ?? document));
