// What the page cannot do by itself: show what happens meanwhile, without moving what somebody looks at. Everything else is
// links, and works without this.
(() => {
  'use strict';
  const main = document.querySelector('main[data-events]');
  if (!main) return;
  const id = (name) => document.getElementById(name);
  const [flow, fresh, pause, copy] = ['flow', 'new', 'pause', 'copy'].map(id);
  const held = new Map();
  let paused = false;
  let unseen = [];

  const parsed = (html) => {
    const template = document.createElement('template');
    template.innerHTML = html;
    return template.content;
  };
  const number = (item) => Number(item.id.slice(1));
  const seen = (item) => item.getBoundingClientRect().top < innerHeight;

  // A row that is there already is changed in place; its details, and that it is the chosen one, stay.
  const put = (item) => {
    const old = id(item.id);
    if (old) {
      const [row, before] = [item.querySelector('.wb-row'), old.querySelector('.wb-row')];
      if (before.hasAttribute('aria-current')) row.setAttribute('aria-current', 'true');
      if (!row.isEqualNode(before)) before.replaceWith(row);
      return;
    }
    const after = [...flow.children].reverse().find((other) => number(other) < number(item));
    if (after) after.after(item); else flow.prepend(item);
    document.querySelector('.wb-flow .wb-empty').hidden = true;
    if (!seen(item)) unseen.push(item);
  };

  const tell = () => {
    const count = paused ? [...held.keys()].filter((key) => !id(key)).length : unseen.length;
    if (!fresh || Number(fresh.dataset.count ?? 0) === count) return;
    fresh.dataset.count = count;
    fresh.replaceChildren();
    if (!count) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button second';
    button.textContent = count === 1 ? '1 new message' : `${count} new messages`;
    button.addEventListener('click', () => {
      const first = release() ?? unseen[0];
      first?.scrollIntoView({ block: 'center' });
      first?.querySelector('.wb-row').focus({ preventScroll: true });
      unseen = [];
      tell();
    });
    fresh.append(button);
  };

  // Puts what was held back, and gives the first of it.
  const release = () => {
    const items = [...held.values()].sort((one, other) => number(one) - number(other));
    held.clear();
    const first = items.find((item) => !id(item.id));
    items.forEach(put);
    return first;
  };

  const replace = (place, html) => {
    const content = parsed(html);
    // What somebody opened stays open.
    const open = [...place.querySelectorAll('details[open] > summary')].map((summary) => summary.textContent);
    for (const summary of content.querySelectorAll('summary')) {
      if (open.includes(summary.textContent)) summary.parentElement.open = true;
    }
    if (!place.contains(document.activeElement) || document.activeElement === document.body) place.replaceChildren(content);
    else waiting.set(place, html);
  };
  // What has the focus is not taken away; it is replaced once the focus leaves.
  const waiting = new Map();
  addEventListener('focusout', () => setTimeout(() => {
    for (const [place, html] of [...waiting]) {
      waiting.delete(place);
      replace(place, html);
    }
  }));

  const later = [];
  const follow = () => {
    const source = new EventSource(main.dataset.events);
    const on = (name, act) => source.addEventListener(name, (event) => {
      if (paused && name !== 'message') later.push([act, event.data]);
      else act(event.data);
    });
    on('message', (html) => {
      const item = parsed(html).querySelector('li');
      if (paused) held.set(item.id, item); else put(item);
      tell();
    });
    on('verdict', (html) => replace(id('verdicts'), html));
    on('state', (html) => replace(id('state'), html));
    on('reset', () => location.reload());
    source.addEventListener('open', () => {
      document.querySelector('.wb-live').hidden = false;
      document.querySelector('.wb-refresh').hidden = true;
    });
    source.addEventListener('error', () => {
      document.querySelector('.wb-live').hidden = true;
      document.querySelector('.wb-refresh').hidden = false;
    });
    return source;
  };
  let source = follow();
  // A page that is kept for the button Back must not keep a connection.
  addEventListener('pagehide', () => source.close());
  addEventListener('pageshow', (event) => { if (event.persisted) source = follow(); });

  if (!flow) return;
  pause.hidden = false;
  pause.addEventListener('click', () => {
    paused = !paused;
    pause.textContent = paused ? 'Resume' : 'Pause';
    if (!paused) {
      release();
      later.splice(0).forEach(([act, data]) => act(data));
    }
    tell();
  });
  addEventListener('scroll', () => {
    unseen = unseen.filter((item) => !seen(item));
    if (!paused) tell();
  }, { passive: true });

  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener('click', async () => {
      const text = await (await fetch(id('report').href)).text();
      await navigator.clipboard.writeText(text);
      copy.textContent = 'Copied';
    });
  }

  // Chooses a message without loading the page anew.
  const choose = async (href, key) => {
    const item = id(`m${key}`);
    const attempt = new URL(href).pathname.split('/')[2];
    const answer = await fetch(`/attempts/${attempt}/messages/${key}`);
    if (!item || !answer.ok) return location.assign(href);
    for (const other of flow.querySelectorAll('.chosen')) {
      other.classList.remove('chosen');
      other.querySelector('.wb-row').removeAttribute('aria-current');
      other.querySelector('.wb-detail')?.remove();
    }
    item.classList.add('chosen');
    item.querySelector('.wb-row').setAttribute('aria-current', 'true');
    item.append(parsed(await answer.text()));
    history.replaceState(null, '', `${location.pathname}?m=${key}#m${key}`);
    if (!seen(item) || item.getBoundingClientRect().top < 0) item.scrollIntoView({ block: 'start' });
  };
  document.addEventListener('click', (event) => {
    const link = event.target.closest('#flow .wb-row, a[data-m]');
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    choose(link.href, link.dataset.m ?? link.closest('li').id.slice(1));
  });
})();
