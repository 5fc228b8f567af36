// For the pages beside the app. What a script shows to people stands in its page, in the page's language; and what the
// settings handed over behind the # goes along to the same page in another language.

/** The page's own words under a name, with what is filled in. */
export const say = (name, given = {}) =>
  document.querySelector(`[data-word="${name}"]`).textContent.replace(/\{(\w+)\}/g, (_, part) => given[part]);

const { lang } = document.documentElement;

/** How numbers and dates are written for who reads the page: first in the browser's own ways of the page's language. */
export const ways = [...navigator.languages.filter((tag) => tag.split("-")[0] === lang), lang];

for (const sister of document.querySelectorAll("a[hreflang]")) sister.hash = location.hash;
