/** A sentence in the page's language; the layout carries them, so that scripts hold no words. */
export function message(name) {
  return document.querySelector("meta[name=messages]").dataset[name];
}

/** Shows a short notice that anyone can close, from the template the layout carries. */
export function toast(text, tone = "wrong") {
  const template = document.getElementById(`toast-${tone}`);
  const notice = template.content.cloneNode(true);
  notice.querySelector("[data-text]").textContent = text;
  document.getElementById("toasts").append(notice);
}

/** The token that proves a request comes from our own page. */
export function csrfToken() {
  return document.querySelector("meta[name=csrf-token]")?.content ?? "";
}
