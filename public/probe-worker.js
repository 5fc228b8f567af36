// Tries to reach an address from a worker, and says how that went.
self.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => self.postMessage(`refused: ${effectiveDirective}`));
self.onmessage = async ({ data }) => {
  const said = await fetch(data, { mode: "no-cors" }).then(() => "sent", String);
  setTimeout(() => self.postMessage(said), 500);
};
