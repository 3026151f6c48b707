import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { iconSprite } from "./build/icons.js";

// Everything the pages need is built into the Python package; nothing built is committed.
export default defineConfig({
  plugins: [tailwindcss(), iconSprite("src/icons.txt")],
  // Files are found through their own URL, so that the same build serves any host and any prefix.
  base: "./",
  build: {
    outDir: "../platform/guildhall/core/web/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    // The content security policy allows no inline styles, scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome111", "safari16.4", "firefox121"],
    rolldownOptions: { input: ["src/app.js", "src/theme.js", "src/app.css"] },
  },
});
