// Installed in Sotto's own page before it records: when which sound came in, and when which words were on the screen.
"use strict";

window.seen = { blocks: [], texts: [] };

// The microphone's tap posts blocks of samples.
const handler = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
Object.defineProperty(MessagePort.prototype, "onmessage", {
  ...handler,
  set(listener) {
    const heard = (event) => {
      if (event.data instanceof Float32Array && event.data.length > 0) {
        const loud = event.data.findIndex((sample) => Math.abs(sample) > 0.01);
        window.seen.blocks.push([performance.now(), event.data.length, loud]);
      }
      listener.call(this, event);
    };
    handler.set.call(this, listener && heard);
  },
});

let last = "";
new MutationObserver(() => {
  const said = [...document.querySelectorAll("[data-test=transcript] .text")].map((e) => e.textContent);
  const partial = document.querySelector("[data-test=partial]")?.textContent ?? "";
  const now = JSON.stringify([said, partial]);
  if (now !== last) window.seen.texts.push([performance.now(), said, partial]);
  last = now;
}).observe(document.body, { subtree: true, childList: true, characterData: true });
