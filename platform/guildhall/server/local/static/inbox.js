// New mail appears by itself. The search field lies outside the part that is replaced, so typing is never disturbed.
setInterval(async () => {
  if (document.hidden) return;
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#messages");
  const shown = document.querySelector("#messages");
  if (fresh.innerHTML !== shown.innerHTML) shown.replaceWith(fresh);
}, 2000);
