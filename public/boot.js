// Starts the page. A file of its own, because the content security policy allows no inline script.
import init from "./app.js";

const failed = () => {
  document.getElementById("starting")?.remove();
  document.getElementById("stopped").hidden = false;
};

init({ module_or_path: new URL("app_bg.wasm", import.meta.url) }).catch(failed);
