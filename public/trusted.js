// The one Trusted Types policy: which text may become markup, and which script may run. It stands at the head of each page
// and, put there by the build, of each worker. Markup is plain elements without address, handler or style; scripts are
// files of this very folder.
{
  const TAGS =
    "a|aside|article|b|button|code|dd|details|dialog|div|dl|dt|em|fieldset|figcaption|figure|footer|form|h1|h2|h3|h4|header|hr|i|" +
    "input|kbd|label|legend|li|main|mark|meter|nav|ol|optgroup|option|output|p|pre|progress|section|select|small|span|" +
    "strong|sub|summary|sup|table|tbody|td|textarea|tfoot|th|thead|time|tr|ul";
  const ATTRIBUTE = ' (?!on|style|src|href|action|form)[a-z-]+(?:="[^"]*")?';
  const MARKUP = new RegExp(`^(?:[^<]|</?(?:${TAGS})(?:${ATTRIBUTE})*>)*$`);
  const FOLDER = new URL(".", self.location).href;

  const isOwn = (script) => {
    const { href } = new URL(script, self.location);
    return href.startsWith(FOLDER) && /^[a-z_-]+\.js$/.test(href.slice(FOLDER.length));
  };

  // Nothing is given back for what is refused, and the browser throws. There is no rule for text as a script.
  self.trustedTypes?.createPolicy("default", {
    createHTML: (text) => (MARKUP.test(text) ? text : null),
    createScriptURL: (script) => (isOwn(script) ? script : null),
  });
}
