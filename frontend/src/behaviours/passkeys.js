// Passkeys: the server gives the options and judges the answer; bytes travel as base64url.
import { csrfToken, message, toast } from "./messages.js";

function bytes(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function text(buffer) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const withBytes = (list = []) => list.map((entry) => ({ ...entry, id: bytes(entry.id) }));

const CEREMONIES = {
  register(options) {
    const user = { ...options.user, id: bytes(options.user.id) };
    const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: withBytes(options.excludeCredentials) };
    return navigator.credentials.create({ publicKey });
  },
  "sign-in"(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: withBytes(options.allowCredentials) };
    return navigator.credentials.get({ publicKey });
  },
};

/** The credential as WebAuthn's own JSON form, for browsers that cannot write it themselves. */
function asJson({ id, type, response, authenticatorAttachment, getClientExtensionResults }, credential) {
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const present = fields.filter((field) => response[field]).map((field) => [field, text(response[field])]);
  const transports = response.getTransports?.();
  return {
    id, rawId: id, type, authenticatorAttachment,
    response: { ...Object.fromEntries(present), ...(transports && { transports }) },
    clientExtensionResults: getClientExtensionResults.call(credential),
  };
}

async function post(url, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? message("failed"));
  return answer;
}

async function run(button) {
  const { passkey, optionsUrl, verifyUrl } = button.dataset;
  const credential = await CEREMONIES[passkey](await post(optionsUrl, {}));
  const { redirect } = await post(verifyUrl, asJson(credential, credential));
  location.assign(redirect ?? location.href);
}

/** Shows the button where passkeys work, and runs its ceremony when pressed. */
export function start(button) {
  if (!window.PublicKeyCredential || button.dataset.started !== undefined) return;
  button.dataset.started = "";
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      await run(button);
    } catch (error) {
      // The person closing the browser's window is no failure worth a notice.
      if (error.name !== "NotAllowedError") toast(error.message);
    } finally {
      button.setAttribute("aria-busy", "false");
    }
  });
}
