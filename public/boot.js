// Starts the page once it came through the service worker: from then on every answer, the workers' too, carries the
// policy, and every file is the one that the list of this version names, whatever the host sends.
import { isSealed } from "./sealed.js";

// Until the page speaks for itself: the first of the browser's languages that it has.
const known = navigator.languages.map((tag) => tag.split("-")[0].toLowerCase());
document.documentElement.lang = known.find((language) => ["en", "es", "de"].includes(language)) ?? "en";

const show = (id) => {
  document.getElementById("starting")?.remove();
  document.getElementById(id).hidden = false;
};

// What drafts notes is a wasm module of its own, which the page asks for once it is up. By another address each time: one
// that did not arrive, or that stopped over a note, stays so for as long as the page is there.
let started = 0;
window.startWriter = async () => {
  const writer = await import(`./note-writer.js?${started++}`);
  await writer.default({ module_or_path: new URL("note-writer_bg.wasm", import.meta.url) });
  return writer;
};

if (isSealed || !(await willReload())) {
  history.replaceState(null, "");
  await import("./keyboard.js");
  const { default: init } = await import("./app.js");
  init({ module_or_path: new URL("app_bg.wasm", import.meta.url) }).catch(() => show("stopped"));
}

/** Keeps this version whole, then loads the page anew through it. False where this browser keeps nothing. */
async function willReload() {
  const registration = await navigator.serviceWorker?.register("sw.js").catch(() => null);
  // Not twice: a browser that goes past its service worker would be reloaded for ever.
  if (!registration || history.state === "reloaded") return false;
  const isKept = registration.active && (await caches.match("assets.json"));
  const next = registration.waiting ?? registration.installing ?? registration.active;
  if (!isKept && !(await becomesActive(next))) {
    show("incomplete");
    return true;
  }
  history.replaceState("reloaded", "");
  location.reload();
  return true;
}

/** False when a file was missing or another one than listed. */
function becomesActive(worker) {
  return new Promise((done) => {
    const look = () => {
      // Where no version is kept, nothing is lost by letting the next one in at once.
      if (worker.state === "installed") worker.postMessage({ takeOver: Infinity });
      if (worker.state === "activated") done(true);
      if (worker.state === "redundant") done(false);
    };
    worker.addEventListener("statechange", look);
    look();
  });
}
