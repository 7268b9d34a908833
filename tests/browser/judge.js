// Looks at the page as it stands and returns what is wrong with it, a sentence each. Runs beside the page's own script, from
// the browser's side, so that no policy of the page has to be loosened for it.
window.judgePage = async (asked) => {
  'use strict';
  const faults = [];
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(asked.text);
  document.adoptedStyleSheets = [sheet];
  await document.fonts.ready;
  const width = innerWidth;
  if (width !== asked.width) faults.push(`the window is ${width} wide, not ${asked.width}`);
  const name = (element) => {
    const id = element.id ? `#${element.id}` : '';
    const kind = typeof element.className === 'string' && element.className ? `.${element.className.trim().split(/\s+/).join('.')}` : '';
    return `${element.localName}${id}${kind}`;
  };
  const say = (element, text) => faults.push(`${name(element)} ${text}`);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const style = (element) => getComputedStyle(element);
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  // What is there for readers of screens only, and the skip link before it is focused.
  const isApart = (element) => element.closest('.hidden, .comma, .skip, svg') !== null;

  // Nothing is wider than its window.
  const content = document.scrollingElement.scrollWidth;
  if (content !== width) {
    faults.push(`the page is ${content} wide in a window of ${width}`);
    for (const element of all('body *')) {
      const box = element.getBoundingClientRect();
      if ((box.right > width + 1 || box.left < -1) && isShown(element) && !isApart(element)) {
        say(element, `reaches from ${Math.round(box.left)} to ${Math.round(box.right)}`);
        if (faults.length > 4) break;
      }
    }
  }

  // No text is cut off, or spills out of a box that can be seen.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const parent = text.parentElement;
    if (!text.data.trim() || !isShown(parent) || isApart(parent)) continue;
    if (parent.closest('noscript, script, style, option')) continue;
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    const size = parseFloat(style(parent).fontSize);
    if (size < 13.99) say(parent, `has text of ${size} px`);
    // What stands on the picture of a card is said again beside it, so it may be cut off.
    if (parent.closest('[aria-hidden="true"]')) continue;
    // The box of a line is taller than its letters.
    const slack = size * 0.35;
    for (let around = parent; around && around !== document.body; around = around.parentElement) {
      const look = style(around);
      if (look.display.startsWith('inline') && !/inline-(flex|block|grid)/.test(look.display)) continue;
      const clips = look.overflowX !== 'visible' || look.overflowY !== 'visible';
      const isBox = parseFloat(look.borderBlockStartWidth) > 0 && parseFloat(look.borderInlineStartWidth) > 0;
      if (!clips && !isBox) continue;
      const edge = around.getBoundingClientRect();
      if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - slack || box.bottom > edge.bottom + slack) {
        say(around, `${clips ? 'cuts off' : 'does not hold'} “${text.data.trim().slice(0, 40)}”`);
      }
    }
  }
  for (const element of all('button, select, .button')) {
    if (isShown(element) && element.scrollWidth > element.clientWidth + 1) say(element, 'is narrower than what it says');
  }

  // Nothing scrolls within the page: that traps fingers and keys, and hides how long it is (code in a diagram may, sideways).
  for (const element of all('main *')) {
    const look = style(element);
    if (/auto|scroll/.test(look.overflowY) && element.scrollHeight > element.clientHeight + 1) say(element, 'scrolls by itself');
  }

  // Everything that can be pressed is large enough. Links within a sentence are as high as its line (2.5.8, inline).
  const isInSentence = (element) => style(element).display === 'inline'
    && [...element.parentElement.childNodes].some((near) => near.nodeType === 3 && near.data.trim());
  for (const element of all('a[href], button, input:not([type="hidden"]), select, textarea, summary')) {
    if (!isShown(element) || element.closest('.skip')) continue;
    const isChoice = /^(radio|checkbox)$/.test(element.type);
    const target = isChoice ? element.closest('label') ?? element.labels[0] ?? element : element;
    const box = target.getBoundingClientRect();
    if (isInSentence(target)) continue;
    const isRow = isChoice || element.matches('button, .button, .row, input, select');
    const least = isRow ? 44 : 24;
    if (box.height < least - 0.5 || box.width < 23.5) {
      say(target, `is ${Math.round(box.width)} by ${Math.round(box.height)}, and should be ${least} high: “${target.textContent.trim().slice(0, 30)}”`);
    }
  }

  // What speaks by itself: this list and nothing else.
  const speaking = { count: 'status', nolaunch: 'status', progress: 'status', net: 'status', new: 'status', errors: 'alert' };
  for (const element of all('[aria-live], [role="status"], [role="alert"], [role="log"], [role="timer"], [role="marquee"], output')) {
    if (speaking[element.id] !== element.getAttribute('role') || element.hasAttribute('aria-live')) say(element, 'speaks by itself');
  }

  // What no page does.
  for (const element of all('[autofocus], [target], [role="application"], [accesskey], [style], [contenteditable]')) {
    say(element, 'has an attribute that no page may have');
  }
  for (const element of all('[tabindex]')) if (element.tabIndex > 0) say(element, 'is put before others in the order of Tab');
  if (!document.documentElement.lang || !/^(ltr|rtl)$/.test(document.documentElement.dir)) faults.push('the page does not say its language');
  if (document.documentElement.lang !== asked.language) faults.push(`the page is in ${document.documentElement.lang}`);

  // Readers of screens do not hear a line that comes only when it has something to say.
  for (const [needs, line] of [['main[data-events]', 'progress'], ['script[src]', 'net'], ['a[data-launch="app"]', 'nolaunch']]) {
    if (document.querySelector('main[data-state]') && document.querySelector(needs) && !document.getElementById(line)) {
      faults.push(`#${line} is missing, and ${needs} needs it`);
    }
  }
  // Time limits on reading (2.2.1): also where there is no script, which axe cannot see.
  for (const tag of document.documentElement.outerHTML.match(/http-equiv=[^>]*>/g) ?? []) {
    if (/refresh/i.test(tag) && !/content="?0;/.test(tag)) faults.push(`the page reloads by itself: ${tag}`);
  }

  // In a theme of the system's, what is told apart by its fill has a border.
  if (asked.forced) {
    for (const element of all('.button, .banner:not(:empty), input:not([type="hidden"]):not([type="radio"]), select')) {
      const look = style(element);
      const edges = ['BlockStart', 'BlockEnd', 'InlineStart', 'InlineEnd'];
      const isEdged = edges.some((edge) => parseFloat(look[`border${edge}Width`]) > 0 && look[`border${edge}Style`] !== 'none');
      if (isShown(element) && !isEdged) say(element, 'has no border in forced colours');
    }
  }
  // Who asks for less motion gets none.
  if (document.getAnimations().length) faults.push(`${document.getAnimations().length} animations run`);

  // What a page is built of is the same in all colours: at a width and with a text seen already, only they are judged.
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const colours = ['color-contrast', 'link-in-text-block'];
  const runOnly = asked.coloursOnly ? { type: 'rule', values: colours } : { type: 'tag', values: tags };
  const { violations } = await axe.run(document, { runOnly, resultTypes: ['violations'] });
  for (const violation of violations) {
    const places = violation.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${node.failureSummary.split('\n').slice(1, 2).join('').trim()})`);
    faults.push(`axe ${violation.id}: ${places.join('; ')}${violation.nodes.length > 3 ? ` and ${violation.nodes.length - 3} more` : ''}`);
  }
  return faults;
};

// Words of the page that are plain English still, in the language that is English with accents: nobody translates them.
// What comes from others (names, products, addresses, terms) stands in a `bdi`, a language or a direction of its own.
window.untranslated = (given) => {
  'use strict';
  const found = [];
  const plain = (text) => (given.reduce((rest, name) => rest.replaceAll(name, ' '), text).match(/\p{L}{2,}/gu) ?? [])
    .some((word) => /^[a-z]+$/i.test(word) && /[acdeghijklnorstuwyz]/i.test(word));
  const apart = '.paper, .lang, bdi, body [lang], body [dir="ltr"], code, data, script, noscript, svg, [aria-hidden="true"]';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    if (!text.parentElement.closest(apart) && plain(text.data)) found.push(text.data.trim().replace(/\s+/g, ' '));
  }
  for (const name of ['aria-label', 'alt', 'title', 'placeholder', 'data-text', 'data-next', 'data-copied', 'data-forward']) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (!element.closest(apart) && plain(element.getAttribute(name))) found.push(`${name}: ${element.getAttribute(name)}`);
    }
  }
  if (plain(document.title)) found.push(`title: ${document.title}`);
  return found;
};
