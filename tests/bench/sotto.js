// Sotto's own worker, as it is shipped, with its requests counted. "report" asks for the counts.
"use strict";

importScripts("counts.js");
self.addEventListener("message", (event) => {
  if (event.data !== "report") return;
  event.stopImmediatePropagation();
  self.postMessage(self.report());
});
importScripts("speech-worker_loader.js");
