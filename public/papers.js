// Fills a printed page with what the settings handed over behind the # of the address, and marks what can be measured.
import { say } from "./said.js";
import { isSealed } from "./sealed.js";

const given = new URLSearchParams(location.hash.slice(1));

/** True, false, or undefined where nobody knows. */
const CHECKS = {
  secure: () => isSecureContext,
  sealed: () => isSealed,
  isolated: () => crossOriginIsolated,
  offline: async () => Boolean(await caches.match("assets.json")),
  persisted: () => navigator.storage.persisted(),
  installed: () => matchMedia("(display-mode: standalone)").matches,
  microphone: async () => (await navigator.permissions.query({ name: "microphone" })).state === "granted",
  gpu: async () => Boolean(await navigator.gpu?.requestAdapter()),
  space: async () => {
    const { usage, quota } = await navigator.storage.estimate();
    return quota - usage >= 1e9;
  },
  recovery: () => known("recovery", (text) => text === "made"),
  idle: () => known("idle_minutes", (minutes) => Number(minutes) <= 15),
  model: () => known("demonstration", (text) => text === "no"),
  hand: () => undefined,
};

const known = (name, judge) => (given.has(name) ? judge(given.get(name)) : undefined);

for (const place of document.querySelectorAll("[data-fill]")) {
  const value = given.get(place.dataset.fill);
  // Where a page has a word of its own for a value, that is shown.
  if (value !== null) place.textContent = place.getAttribute(`data-${value}`) ?? value;
}
for (const place of document.querySelectorAll("[data-check]")) {
  const found = await Promise.resolve(place.dataset.check).then((name) => CHECKS[name]()).catch(() => undefined);
  const state = { true: "yes", false: "no" }[found] ?? "unknown";
  const word = say(state);
  place.dataset.state = state;
  if (place.localName === "li") place.prepend(Object.assign(document.createElement("strong"), { textContent: `${word}: ` }));
  else place.textContent = word;
}
for (const button of document.querySelectorAll("[data-print]")) button.onclick = () => print();
