// ONNX Runtime Web in a worker of its own. In: { load } once, then { wave, steps }, or "report".
import "./counts.js";

let ort, encoder, decoder, shape, options;

async function load({ folder, precision, provider, threads }) {
  const [script, wasm] = provider === "webgpu" ? ["ort-webgpu.js", "asyncify.wasm"] : ["ort-wasm.js", "wasm"];
  ort = await import(`./${script}`);
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = { wasm: new URL(`ort-wasm-simd-threaded.${wasm}`, import.meta.url).href };
  const file = async (name) => {
    const answer = await fetch(`${folder}/${name}`);
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer;
  };
  shape = await (await file("shape.json")).json();
  const session = async (part, kept) => {
    const bytes = new Uint8Array(await (await file(`${part}${precision}.onnx`)).arrayBuffer());
    // On a GPU, keys and values stay there; the token comes back.
    const preferredOutputLocation = provider === "webgpu" ? kept() : undefined;
    options = { executionProviders: [provider], graphOptimizationLevel: "all", preferredOutputLocation };
    return ort.InferenceSession.create(bytes, options);
  };
  const names = (kind) =>
    Array.from({ length: shape.layers }, (_, n) => [`${kind}.keys.${n}`, `${kind}.values.${n}`]).flat();
  const onGpu = (kind) => () => Object.fromEntries(names(kind).map((name) => [name, "gpu-buffer"]));
  encoder = await session("encoder", onGpu("heard"));
  decoder = await session("decoder", onGpu("after"));
}

/// Greedy tokens; exactly `steps` of them if that is given, whatever they say.
async function run({ wave, steps, limit }) {
  const begun = performance.now();
  const heard = await encoder.run({ wave: new ort.Tensor("float32", wave, [1, wave.length]) });
  const said = Object.fromEntries(
    Object.keys(heard).map((name) => [
      name.replace("heard", "said"),
      new ort.Tensor("float32", new Float32Array(0), [1, shape.heads, 0, shape.dim]),
    ]),
  );
  const tokens = [];
  let token = BigInt(shape.start), first;
  while (tokens.length < (steps ?? limit)) {
    const feeds = {
      token: new ort.Tensor("int64", [token], [1, 1]),
      place: new ort.Tensor("int64", [BigInt(tokens.length)], [1]),
      ...said,
      ...heard,
    };
    const { next, ...after } = await decoder.run(feeds);
    token = next.data[0];
    first ??= performance.now() - begun;
    tokens.push(Number(token));
    for (const [name, tensor] of Object.entries(after)) {
      const old = name.replace("after", "said");
      said[old].dispose();
      said[old] = tensor;
    }
    if (steps === undefined && Number(token) === shape.end) break;
  }
  for (const tensor of [...Object.values(said), ...Object.values(heard)]) tensor.dispose();
  return { tokens, first, whole: performance.now() - begun };
}

self.onmessage = async ({ data }) => {
  if (data === "report") return self.postMessage(self.report());
  try {
    const begun = performance.now();
    if (data.load) self.postMessage({ loaded: (await load(data.load), performance.now() - begun) });
    else self.postMessage(await run(data));
  } catch (why) {
    self.postMessage({ error: String(why) });
  }
};
self.postMessage("up");
