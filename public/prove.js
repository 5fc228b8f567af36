// Shows what can be checked about this Sotto, and tries every way out of it.
import { PROBES, peer } from "./probes.js";
import { isSealed } from "./sealed.js";

const into = (id, text) => (document.getElementById(id).textContent = text);
const asked = new URLSearchParams(location.hash.slice(1));
const json = (file) => fetch(file).then((response) => response.json());
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function facts() {
  into("backend", asked.get("backend") ?? "open this page from the settings to see it");
  into("sealed", isSealed ? "yes: this page and all of its files came from the service worker" : "no: reload this page");
  into("isolated", crossOriginIsolated ? "yes" : "no");
  const [list, tally, models] = await Promise.all(["assets.json", "tally.json", "models/index.json"].map(json));
  into("build", list.version);
  into("since", `${tally.asked.length} since ${new Date(tally.opened).toLocaleString()}; refused: ${tally.refused}`);
  into("asked", tally.asked.join(" ") || "none");
  into("models", models.map(({ folder, sha256 }) => `${folder}: ${sha256}`).join(" "));
  const { usage, quota } = await navigator.storage.estimate();
  into("space", `${megabytes(usage)} of ${megabytes(quota)}`);
  into("persisted", (await navigator.storage.persisted()) ? "yes" : "no: the browser may clear it when space runs short");
  const databases = (await indexedDB.databases()).map(({ name }) => `IndexedDB ${name}`);
  const stores = (await caches.keys()).map((name) => `Cache ${name}`);
  into("places", [...databases, ...stores, "the private file system of this address"].join(", "));
  into("kept", await compare(list));
}

/** Every file that is kept, against the list of this version. */
async function compare({ version, files }) {
  const kept = await caches.open(`sotto-app-${version}`);
  const same = async ({ path, sha256 }) => {
    const bytes = await (await kept.match(path))?.arrayBuffer();
    return bytes && hex(await crypto.subtle.digest("SHA-256", bytes)) === sha256;
  };
  const results = await Promise.all(files.map(same));
  return `${results.filter(Boolean).length} of ${files.length} files are as listed`;
}

/** What the browser said to one attempt: the directive that refused it, or else what happened. */
function attempt(how, to) {
  const refusal = new Promise((refused) => {
    document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
      if (blockedURI.endsWith(new URL(to).pathname)) refused(`refused: ${effectiveDirective}`);
    });
  });
  // A refusal is told a moment after the attempt; only a worker says something by itself.
  const said = Promise.resolve(to)
    .then(how)
    .then((said) => said ?? wait(1500), (why) => wait(1500).then(() => String(why)))
    .then((said) => (String(said).includes("sealed") ? "refused: service worker" : (said ?? "no refusal was told: watch the other side")));
  return Promise.race([refusal, said, wait(5000).then(() => "no answer")]);
}

async function run() {
  const target = document.getElementById("target").value.replace(/\/$/, "");
  const rows = document.getElementById("results");
  rows.replaceChildren();
  const row = (...texts) => {
    const line = rows.insertRow();
    for (const text of texts) line.insertCell().textContent = text;
  };
  for (const [name, what, how] of PROBES.filter(([name]) => name !== "navigation")) {
    row(what, await attempt(how, `${target}/${name}`));
  }
  row("Leaving for another address", "see the button below");
  into("done", "Done.");
}

const leave = asked.get("leave");
if (leave) PROBES.find(([name]) => name === "navigation")[2](leave);
document.getElementById("run").onclick = run;
document.getElementById("peer").onclick = () => peer(document.getElementById("target").value);
document.getElementById("leave").onclick = () =>
  window.open(`prove.html#leave=${encodeURIComponent(`${document.getElementById("target").value}/navigation`)}`, "_blank", "noopener");
facts().catch((why) => into("sealed", `no: ${why.message}`));
