// Shows what can be checked about this Sotto, and tries every way out of it.
import { PROBES, peer } from "./probes.js";
import { say, ways } from "./said.js";
import { isSealed } from "./sealed.js";

const into = (id, text) => (document.getElementById(id).textContent = text);
const asked = new URLSearchParams(location.hash.slice(1));
const json = (file) => fetch(file).then((response) => response.json());
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const ONE_DIGIT = { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false };
const megabytes = (bytes) => `${(bytes / 1e6).toLocaleString(ways, ONE_DIGIT)} MB`;
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function facts() {
  into("backend", asked.get("backend") ?? say("no-backend"));
  into("sealed", say(isSealed ? "sealed" : "not-sealed"));
  into("isolated", say(crossOriginIsolated ? "isolated" : "not-isolated"));
  const [list, tally, models] = await Promise.all(["assets.json", "tally.json", "models/index.json"].map(json));
  into("build", list.version);
  const opened = new Date(tally.opened).toLocaleString(ways);
  into("since", say("since", { count: tally.asked.length, opened, refused: tally.refused }));
  into("asked", tally.asked.join(" ") || say("none-asked"));
  into("models", models.map(({ folder, sha256 }) => `${folder}: ${sha256}`).join(" "));
  const { usage, quota } = await navigator.storage.estimate();
  into("space", say("space", { used: megabytes(usage), all: megabytes(quota) }));
  into("persisted", say((await navigator.storage.persisted()) ? "persisted" : "not-persisted"));
  const databases = (await indexedDB.databases()).map(({ name }) => say("database", { name }));
  const stores = (await caches.keys()).map((name) => say("cache", { name }));
  into("places", [...databases, ...stores, say("private")].join(", "));
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
  return say("kept", { same: results.filter(Boolean).length, all: files.length });
}

/** What the browser said to one attempt: the directive that refused it, or else what happened. */
function attempt(how, to) {
  const refusal = new Promise((refused) => {
    document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
      if (blockedURI.endsWith(new URL(to).pathname)) refused(say("refused", { by: effectiveDirective }));
    });
  });
  // A refusal is told a moment after the attempt; only a worker says something by itself.
  const said = Promise.resolve(to)
    .then(how)
    .then((said) => said ?? wait(1500), (why) => wait(1500).then(() => String(why)))
    .then((said) => (String(said).includes("sealed") ? say("refused", { by: say("service-worker") }) : (said ?? say("untold"))));
  return Promise.race([refusal, said, wait(5000).then(() => say("unanswered"))]);
}

async function run() {
  const target = document.getElementById("target").value.replace(/\/$/, "");
  const rows = document.getElementById("results");
  rows.replaceChildren();
  const row = (...texts) => {
    const line = rows.insertRow();
    for (const text of texts) line.insertCell().textContent = text;
  };
  for (const [name, leaves, how] of PROBES) {
    row(say(name), leaves ? say("below") : await attempt(how, `${target}/${name}`));
  }
  into("done", say("done"));
}

const leave = asked.get("leave");
if (leave) PROBES.find(([, leaves]) => leaves)[2](leave);
document.getElementById("run").onclick = run;
document.getElementById("peer").onclick = () => peer(document.getElementById("target").value);
document.getElementById("leave").onclick = () =>
  window.open(`${location.pathname}#leave=${encodeURIComponent(`${document.getElementById("target").value}/navigation`)}`, "_blank", "noopener");
facts().catch((why) => into("sealed", say("failed", { why: why.message })));
