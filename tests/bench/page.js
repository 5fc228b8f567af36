// Drives the workers that are measured, from the page; the bench calls these by name.
"use strict";

const worker = { at: null };

/// The next message that `wanted` accepts; fails on an error of the worker, or after so many seconds.
function answer(wanted, seconds) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done in ${seconds} s`)), 1000 * seconds);
    worker.at.onerror = (event) => reject(new Error(event.message ?? "the worker died"));
    worker.at.onmessage = ({ data }) => {
      if (data?.error) reject(new Error(data.error));
      if (!wanted(data)) return;
      clearTimeout(timer);
      resolve(data);
    };
  });
}

async function ask(message, wanted, seconds) {
  const answered = answer(wanted, seconds);
  worker.at.postMessage(message);
  return answered;
}

const counted = () => ask("report", (data) => data?.dispatches !== undefined, 60);

/// Answers of Sotto are bytes, and the first says their kind: 0 is progress; 3, 7 and 9 come before the end of a job.
const ends = (data) => data instanceof ArrayBuffer && data.byteLength > 0 && ![0, 3, 7, 9].includes(new Uint8Array(data)[0]);
const request = (bytes, seconds) => ask(new Uint8Array(bytes).buffer, ends, seconds);

async function startSotto(load, seconds) {
  worker.at = new Worker("sotto.js");
  await answer((data) => data instanceof ArrayBuffer && data.byteLength === 0, 60);
  const begun = performance.now();
  const kind = new Uint8Array(await request(load, seconds))[0];
  return { kind, load: performance.now() - begun };
}

async function runSotto(bytes, seconds) {
  const begun = performance.now();
  const kind = new Uint8Array(await request(bytes, seconds))[0];
  return { kind, whole: performance.now() - begun };
}

async function startOnnx(load, seconds) {
  worker.at = new Worker("onnx.js", { type: "module" });
  await answer((data) => data === "up", 60);
  return { load: (await ask({ load }, (data) => data.loaded !== undefined, seconds)).loaded };
}

const runOnnx = ({ wave, ...rest }, seconds) =>
  ask({ wave: new Float32Array(wave), ...rest }, (data) => data.tokens !== undefined, seconds);

/// Starts a worker, does the runs one after the other, and gives back what each took; the counts are of the whole.
async function measure(kind, load, runs, seconds) {
  const [start, go] = kind === "sotto" ? [startSotto, runSotto] : [startOnnx, runOnnx];
  try {
    const started = await start(load, seconds);
    const results = [];
    for (const run of runs) {
      const before = await counted();
      const result = await go(run, seconds);
      const after = await counted();
      const grew = (name) => after[name] - before[name];
      results.push({ ...result, dispatches: grew("dispatches"), bytesRead: grew("bytesRead") });
    }
    return { ...started, runs: results, ...(await counted()) };
  } catch (why) {
    return { error: String(why.message ?? why) };
  } finally {
    worker.at.terminate();
  }
}
