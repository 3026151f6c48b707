// What every page needs. Forms and links work without it; this makes them quicker and kinder.
import Alpine from "@alpinejs/csp";
import "./behaviours/htmx.js";
import "./behaviours/forms.js";
import "./behaviours/overlays.js";
import "./behaviours/preferences.js";
import "./behaviours/on-demand.js";
import { bulk } from "./components/bulk.js";
import { copy } from "./components/copy.js";
import { dropZone } from "./components/drop-zone.js";
import { typed } from "./components/typed.js";

Alpine.data("bulk", bulk);
Alpine.data("copy", copy);
Alpine.data("dropZone", dropZone);
Alpine.data("typed", typed);
Alpine.start();

const worker = document.body.dataset.serviceWorker;
if (worker) navigator.serviceWorker?.register(worker);
