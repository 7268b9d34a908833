// The list follows what is typed. The server searches; here its answer is put in place, as nodes: no text becomes HTML.
// Whenever that fails, the form is sent as it would be without a script.
(() => {
  'use strict';
  const form = document.getElementById('search');
  const at = id => document.getElementById(id);
  let asked, typing, telling, line, told = 0;

  // A line that changes with each letter would never be heard to its end.
  const tell = text => {
    line = text;
    telling ||= setTimeout(() => {
      telling = 0;
      told = Date.now();
      at('count').textContent = line;
    }, told + 500 - Date.now());
  };

  const ask = (query, place, fail) => {
    clearTimeout(typing);
    if (asked) asked.abort();
    const mine = asked = new XMLHttpRequest();
    mine.open('GET', '/issuers/results?' + query);
    mine.responseType = 'document';
    mine.onload = () => {
      const list = mine.status === 200 && mine.response && mine.response.getElementById('list');
      if (mine !== asked) return;
      if (!list) return fail();
      place(mine.response, list);
      at('list').removeAttribute('aria-busy');
      tell(mine.response.getElementById('count').textContent);
      history.replaceState(null, '', '/issuers?' + query);
    };
    mine.onerror = mine.ontimeout = fail;
    mine.timeout = 9000;
    at('list').setAttribute('aria-busy', 'true');
    mine.send();
  };

  // Without a network the form would only lead to the browser's own error: the list stays, and is asked for again.
  const giveUp = () => {
    if (navigator.onLine) return form.submit();
    at('list').removeAttribute('aria-busy');
    addEventListener('online', () => find(), { once: true });
  };
  const find = then => ask(new URLSearchParams(new FormData(form)), (_, list) => {
    at('list').replaceChildren(...list.childNodes);
    if (then) at('found').focus();
  }, giveUp);

  at('q').addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(find, 180);
  });
  at('country').addEventListener('change', () => find());
  form.addEventListener('submit', event => {
    event.preventDefault();
    find(true);
  });

  // More rows come below those that are there, and the first of them is where reading goes on.
  at('list').addEventListener('click', event => {
    const link = event.target.closest('#more a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { search, hash, href } = new URL(link.href);
    ask(search.slice(1), page => {
      const rows = [...page.getElementById('rows').children];
      at('rows').append(...rows.slice(at('rows').children.length));
      const more = page.getElementById('more');
      if (more) at('more').replaceWith(more); else at('more').remove();
      document.querySelector(hash + ' .row').focus();
    }, () => location.assign(href));
  });
})();
