import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** One symbol of the sprite, from the icon of that name in lucide-static. */
function symbol(name) {
  const svg = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
}

/** Vite plugin: emits one sprite with the icons that the list names, one a line. */
export function iconSprite(list) {
  return {
    name: "guildhall-icon-sprite",
    buildStart() {
      this.addWatchFile(list);
    },
    generateBundle() {
      const names = readFileSync(list, "utf8").split("\n").map((line) => line.trim()).filter(Boolean);
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>\n`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "src/icons.svg", source });
    },
  };
}
