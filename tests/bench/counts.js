// Counts what a worker asks of its GPU and how much memory it takes; the first script of each worker that is measured.
"use strict";

const counts = { dispatches: 0, submits: 0, reads: 0, bytesRead: 0, gpuNow: 0, gpuPeak: 0 };
const memories = new Set();

/// Calls `seen(this, arguments, result)` after each call of a method.
function watch(type, method, seen) {
  if (!type) return;
  const original = type.prototype[method];
  type.prototype[method] = function (...args) {
    const result = original.apply(this, args);
    seen(this, args, result);
    return result;
  };
}

watch(self.GPUComputePassEncoder, "dispatchWorkgroups", () => (counts.dispatches += 1));
watch(self.GPUComputePassEncoder, "dispatchWorkgroupsIndirect", () => (counts.dispatches += 1));
watch(self.GPUQueue, "submit", () => (counts.submits += 1));
watch(self.GPUBuffer, "mapAsync", (buffer, [mode, , size]) => {
  if (mode !== self.GPUMapMode.READ) return;
  counts.reads += 1;
  counts.bytesRead += size ?? buffer.size;
});
const alive = new WeakSet();
watch(self.GPUDevice, "createBuffer", (_, [{ size }], buffer) => {
  alive.add(buffer);
  counts.gpuNow += size;
  counts.gpuPeak = Math.max(counts.gpuPeak, counts.gpuNow);
});
watch(self.GPUBuffer, "destroy", (buffer) => {
  if (alive.delete(buffer)) counts.gpuNow -= buffer.size;
});

// A module's memory is made by it or given to it.
const Memory = WebAssembly.Memory;
WebAssembly.Memory = function (descriptor) {
  const memory = new Memory(descriptor);
  memories.add(memory);
  return memory;
};
WebAssembly.Memory.prototype = Memory.prototype;
for (const name of ["instantiate", "instantiateStreaming"]) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (...args) => {
    const result = await original.apply(WebAssembly, args);
    const exported = (result.instance ?? result).exports ?? {};
    for (const value of Object.values(exported)) if (value instanceof Memory) memories.add(value);
    return result;
  };
}

/// Wasm memory never shrinks: what it is now was its most.
self.report = () => ({ ...counts, wasm: [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0) });
