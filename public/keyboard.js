// What keys do on every screen, and where the focus goes when what had it is gone. Nothing here knows what a screen is
// about: it presses buttons that are there, and opens the dialogs that the page holds.
const FOCUSABLE = "a[href], button, input, select, textarea, summary";
const FIELDS = "input:not([type=checkbox]), select, textarea";

/** The list of keys, with the box that says whether `?` opens it; the page makes it anew in another language. */
const keys = () => document.getElementById("keys");
/** What had the focus last, and all around it; empty once somebody pressed elsewhere with a pointer. */
let trail = [];
let isLooking = false;
const shown = new WeakSet();

const isUsable = (element) => element.isConnected && !element.disabled && element.checkVisibility();

/** The screen's main button: the last one, since it stands in the foot; in an open dialog that one's. */
function main() {
  const inside = document.querySelector("dialog:modal") ?? document;
  return [...inside.querySelectorAll(".primary, .record")].findLast(isUsable);
}

/** What closes a menu or takes back a question. */
const closes = () => [...document.querySelectorAll(".menu[open] > summary, [data-closes]")].findLast(isUsable);

addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey } = event;
  if (event.repeat || event.defaultPrevented) return;
  let button;
  if (key === "Enter" && (ctrlKey || metaKey)) button = main();
  // An open dialog closes by itself.
  if (key === "Escape" && !document.querySelector("dialog:modal")) button = closes();
  if (key === "?" && keys()?.querySelector(":checked") && !keys().open && !target.matches(FIELDS)) keys().showModal();
  if (!button) return;
  event.preventDefault();
  button.click();
});

addEventListener("click", ({ target }) => {
  if (target.closest?.("#show-keys")) keys()?.showModal();
});

addEventListener("focusin", ({ target }) => {
  trail = [];
  for (let element = target; element; element = element.parentElement) trail.push(element);
});
addEventListener("pointerdown", () => (trail = []));

/** The nearest place that takes the focus, else the heading of the screen: never nowhere. Bar and foot outlive a screen. */
function next() {
  for (const around of trail.slice(1)) {
    if (around.matches(".bar, .foot, .hand, main, body")) break;
    const near = isUsable(around) && [...around.querySelectorAll(FOCUSABLE)].find(isUsable);
    if (near) return near;
  }
  const heading = [...document.querySelectorAll("h1")].find(isUsable);
  if (heading) heading.tabIndex = -1;
  return heading;
}

function look() {
  isLooking = false;
  for (const dialog of document.querySelectorAll("main dialog")) {
    if (!shown.has(dialog)) dialog.showModal();
    shown.add(dialog);
  }
  const [last] = trail;
  const { activeElement } = document;
  if (!last || !document.hasFocus() || (activeElement !== last && activeElement !== document.body)) return;
  if (!last.isConnected || !last.checkVisibility()) next()?.focus();
  // It was only busy.
  else if (!last.disabled && activeElement !== last) last.focus();
}

// After the page has put the focus where it wants it.
const soon = () => {
  if (!isLooking) setTimeout(look);
  isLooking = true;
};
const WATCHED = { childList: true, subtree: true, attributeFilter: ["disabled", "open"] };
new MutationObserver(soon).observe(document.body, WATCHED);
