// Keeps the app: all that assets.json lists, verified, or nothing. Then it alone answers, and asks the network only for
// weights of a model that are not here yet. The build writes version and headers in here.
const VERSION = "unstamped";
const APP = `sotto-app-${VERSION}`;
// Chromium would ask the host for a page while this worker starts, if it were not told that all is answered here.
const ALL = { condition: { urlPattern: { pathname: "*" } }, source: "fetch-event" };
// A document's policy does not cover its workers, and a static host may send none: every answer carries it.
const HEADERS = {};
// Nothing in here reaches the network but through this, with addresses of this very site.
const ask = self.fetch.bind(self);
self.fetch = () => Promise.reject(new TypeError("sealed"));
self.oninstall = (event) => event.waitUntil(Promise.all([keep(), event.addRoutes?.(ALL)]));
self.onactivate = (event) => event.waitUntil(takeOver());
self.onfetch = (event) => event.respondWith(answer(event.request));
self.onmessage = (event) => event.waitUntil(listen(event));

async function keep() {
  const list = await (await ask("assets.json", { cache: "no-store" })).json();
  if (list.version !== VERSION) throw new Error("the host holds two versions");
  const app = await caches.open(APP);
  const undo = (why) => caches.delete(APP).then(() => Promise.reject(why));
  await Promise.all(list.files.map((file) => keepFile(app, file))).catch(undo);
  await app.put("assets.json", Response.json(list)).catch(undo);
}

async function keepFile(app, { path, sha256 }) {
  const response = await ask(path, { cache: "no-store" });
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!response.ok || hex !== sha256) throw new Error(`${path} is not what the list says`);
  await app.put(path, response);
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("sotto-app-") && name !== APP);
  await Promise.all(old.map((name) => caches.delete(name))).then(() => self.clients.claim());
}

/** `{ takeOver }` lets this version in until a time: later nobody expects a reload. `{ try }` tries the seal. */
async function listen({ data, source }) {
  if (data.try) return source.postMessage(await fetch(data.try, { mode: "no-cors" }).then(() => "sent", String));
  if (Date.now() > data.takeOver) return;
  // A tab of the version before would go on with files of this one.
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const ours = tabs.filter(({ url }) => url.startsWith(self.registration.scope));
  return ours.length > 1 ? source.postMessage("other tabs") : self.skipWaiting();
}

async function answer({ url, method, mode }) {
  const own = method === "GET" && new URL(url).origin === self.location.origin;
  const app = await caches.open(APP);
  const named = own && (await app.match(url, { ignoreSearch: true, ignoreVary: true }));
  const kept = named || (own && mode === "navigate" && (await app.match("index.html")));
  if (kept && mode === "navigate" && kept.url.endsWith("/index.html")) await count(app, () => ({ ...NONE, opened: Date.now() }));
  if (kept) return guarded(kept);
  const list = await (await app.match("assets.json"))?.json();
  // Somebody emptied the browser's cache: the app is kept anew, or this worker is over.
  const over = async () => ((await self.registration.unregister()) ? Response.redirect(url) : Response.error());
  if (!list) return own && mode === "navigate" ? keep().then(() => answer({ url, method, mode }), over) : Response.error();
  const later = own && list.later.some(({ path }) => new URL(path, self.location).href === url);
  await count(app, (t) => (later ? { ...t, asked: [...t.asked, url] } : { ...t, refused: t.refused + 1 }));
  return later ? guarded(await ask(url)) : Response.error();
}

/** What went to the network and was refused since the app was last opened; `tally.json` for whoever asks. */
const NONE = { opened: 0, asked: [], refused: 0 };
let tally;
function count(app, change) {
  tally ??= app.match("tally.json").then((kept) => kept?.json() ?? NONE);
  // A full disk keeps no count, and nobody is kept waiting for one.
  tally = tally.then(change).then((now) => app.put("tally.json", Response.json(now)).then(() => now, () => now));
  return tally;
}

function guarded(response) {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  headers.set("Server-Timing", "sealed");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
