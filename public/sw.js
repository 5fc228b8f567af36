// Keeps the app for use without a network: everything that assets.json lists, verified, all or nothing.
// The build writes the version in here, so that the browser sees a new service worker for every new site.
const VERSION = "unstamped";
const APP = `sotto-app-${VERSION}`;
const MODELS = "sotto-models"; // the speech worker keeps the verified shards there, this file the manifests

// A document's policy does not cover its workers, and a static host may send none: every answer carries it.
const POLICY = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; " +
    "font-src 'self'; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
    "form-action 'none'; base-uri 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
};

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "GET" && url.origin === self.location.origin) event.respondWith(answer(event.request));
});

async function keep() {
  const list = await (await fetch("assets.json", { cache: "no-store" })).json();
  if (list.version !== VERSION) throw new Error("the host holds two versions at once");
  const cache = await caches.open(APP);
  try {
    await Promise.all(list.files.map((file) => keepFile(cache, file)));
    await (await caches.open(MODELS)).add("models/starter/manifest.json");
  } catch (why) {
    await caches.delete(APP);
    throw why;
  }
}

async function keepFile(cache, { path, sha256 }) {
  const response = await fetch(path, { cache: "no-store" });
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!response.ok || hex !== sha256) throw new Error(`${path} is not what the list says`);
  await cache.put(path, response);
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("sotto-app-") && name !== APP).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(request) {
  const app = await caches.open(APP);
  let kept = await app.match(request.url, { ignoreSearch: true, ignoreVary: true });
  if (!kept && request.mode === "navigate") kept = await app.match("index.html");
  if (kept) return guarded(kept);
  const models = await caches.open(MODELS);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && request.url.endsWith("/manifest.json")) await models.put(request.url, fresh.clone());
    return guarded(fresh);
  } catch {
    return (await models.match(request.url)) ?? Response.error();
  }
}

function guarded(response) {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(POLICY)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
