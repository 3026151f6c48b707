import htmx from "htmx.org";
import { csrfToken, message, toast } from "./messages.js";

htmx.config.includeIndicatorCSS = false;
// Refusals that carry a form come back into it (400, 409, 422). These carry none and are told in a notice.
htmx.config.noSwap = [204, 304, 401, 403, 404, 413, 429, "5xx"];

const SAFE = ["GET", "HEAD"];

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!SAFE.includes(ctx.request.method)) ctx.request.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status === 401) location.reload();
  else if (htmx.config.noSwap.includes(ctx.response.status)) toast(message("refused"));
  else if (ctx.response.status >= 500) toast(message("failed"));
});

// A page that lacks the selected part must not empty the place it was meant for.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (!ctx.select || ctx.swap === "none" || tasks[0]?.fragment.childElementCount) return;
  event.preventDefault();
  toast(message("failed"));
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (!ctx?.response) toast(message("offline"));
});

// After a refused form the reader is taken to the first field that needs a correction.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.response?.status >= 400) document.querySelector("[aria-invalid=true]")?.focus();
});
