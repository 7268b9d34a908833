// What pages gain from a script: news without a reload, a word when the app does not open, one when the network is
// gone. Every page is complete without it. No sink for text as HTML is used, so Trusted Types can forbid them all.
(() => {
  'use strict';
  const main = document.getElementById('main');
  const page = location.pathname;
  const say = (id, text) => {
    const line = document.getElementById(id);
    if (line && line.textContent !== text) line.textContent = text;
  };

  // A return that was refused stays at its own address. What it carried must not: address and history outlive the page.
  // A reload then shows where the attempt stands. Where only a key was missing, the same return is tried once more.
  if (page.startsWith('/callback/') && location.search) {
    const problem = main.dataset.problem;
    const again = location.href;
    if (problem === 'unknown-key') setTimeout(() => location.replace(again), 60000);
    history.replaceState(null, '', problem === 'other-browser' ? page : page.replace('/callback/', '/sessions/'));
  }

  const reload = () => {
    say('progress', 'Done. Opening the next step.');
    setTimeout(() => location.replace(page), 600);
  };

  // News of an attempt. The stream ends every 25 seconds and the browser opens it again.
  const watch = () => {
    const source = new EventSource(main.dataset.events);
    let failures = 0;
    source.addEventListener('open', () => { failures = 0; });
    source.addEventListener('state', event => {
      const [moment, sentence] = event.data.split('\n');
      if (moment === main.dataset.moment) {
        if (!/^(offered|launched|pending)/.test(moment)) say('progress', sentence);
        return;
      }
      source.close();
      reload();
    });
    source.addEventListener('error', () => {
      failures += 1;
      if (failures < 3) return;
      source.close();
      setTimeout(poll, 3000);
    });
    addEventListener('pagehide', () => source.close());
  };

  // Where event streams do not come through, the page itself is asked.
  const poll = async () => {
    try {
      const answer = await fetch(page, { credentials: 'same-origin', cache: 'no-store' });
      const found = /data-moment="([^"]*)"/.exec(await answer.text());
      if (found && found[1] !== main.dataset.moment) return reload();
    } catch { /* offline: the banner says so */ }
    setTimeout(poll, 3000);
  };

  if (main.dataset.events) watch();

  // The app was asked for. Back here, show where things stand; still here, say what else there is.
  let left = false;
  for (const link of document.querySelectorAll('a[data-launch="app"]')) {
    link.addEventListener('click', () => {
      left = true;
      setTimeout(() => {
        const hint = document.getElementById('nolaunch');
        if (hint && document.visibilityState === 'visible') hint.textContent = hint.dataset.text;
      }, 2500);
    });
  }
  let hidden = false;
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hidden = true;
    else if (left && hidden) location.replace(page);
  });
  addEventListener('pageshow', event => { if (event.persisted && main.dataset.events) location.replace(page); });

  const errors = document.getElementById('errors');
  if (errors) errors.focus();

  const net = () => say('net', navigator.onLine
    ? '' : 'You’re offline. This page will continue when you’re connected again.');
  addEventListener('online', net);
  addEventListener('offline', net);
  net();
})();
