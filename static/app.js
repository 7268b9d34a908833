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
  if ((page.startsWith('/callback/') || page === '/push') && location.search) {
    const problem = main.dataset.problem;
    const again = location.href;
    if (problem === 'unknown-key') setTimeout(() => location.replace(again), 60000);
    history.replaceState(null, '', problem === 'other-browser' ? page : page.replace('/callback/', '/sessions/'));
  }

  // What an issuer puts behind a # comes as far as this page, and no server sees it: out of the address, and back.
  const lost = location.hash.slice(1);
  if (/^(offered|launched)$/.test(main.dataset.state) && /(^|&)[\w.-]+=./.test(lost)) {
    history.replaceState(null, '', page);
    return location.replace(`${page.replace('/sessions/', '/callback/')}?${lost}`);
  }

  // Leaving for the issuer is no news: a reload would cancel the way there.
  const isNews = moment => moment !== main.dataset.moment && moment !== 'launched';

  // Each page is a step: whoever hears pages, or goes through them by keys, begins at its heading.
  if (!location.hash) document.querySelector('h1').focus({ preventScroll: true });

  // Who waits here and hears that it went on can only have come back in another tab.
  const reload = moment => {
    const moved = /^(returned|terms)/.test(moment) && document.getElementById('progress')?.dataset.moved;
    say('progress', moved || main.dataset.next || '');
    setTimeout(() => location.replace(page), moved ? 3000 : 600);
  };

  // News of an attempt. The stream ends every 25 seconds and the browser opens it again.
  const watch = () => {
    const source = new EventSource(main.dataset.events);
    let failures = 0;
    source.addEventListener('open', () => { failures = 0; });
    source.addEventListener('state', event => {
      const [moment, sentence, pace] = event.data.split('\n');
      if (!isNews(moment)) {
        if (!/^(offered|launched|pending)/.test(moment)) say('progress', sentence);
        for (const part of main.querySelectorAll('[data-pace]')) part.hidden = part.dataset.pace !== pace;
        return;
      }
      source.close();
      reload(moment);
    });
    source.addEventListener('error', () => {
      failures += 1;
      // A stream that is refused ends with its first error, and the browser does not open it again.
      if (failures < 2 && source.readyState !== EventSource.CLOSED) return;
      source.close();
      setTimeout(poll, 3000);
    });
    addEventListener('pagehide', () => source.close());
  };

  // Where event streams do not come through, the page itself is asked.
  const poll = async () => {
    let text = '';
    try {
      text = await (await fetch(page, { credentials: 'same-origin', cache: 'no-store' })).text();
    } catch { /* offline: the banner says so */ }
    const found = /data-moment="([^"]*)"/.exec(text);
    if (found && isNews(found[1])) return reload(found[1]);
    // The page that was asked knows how long this has taken. One that says something new is worth reading.
    const now = /data-now="([^"]*)"/.exec(text);
    if (now && now[1] !== main.querySelector('[data-now]')?.dataset.now) return location.replace(page);
    setTimeout(poll, 3000);
  };

  if (main.dataset.events) watch();

  // The app was asked for. Back here, show where things stand; still here, say what else there is.
  let left = false;
  const help = () => {
    const hint = document.getElementById('nolaunch');
    if (hint && document.visibilityState === 'visible') hint.textContent = hint.dataset.text;
  };
  const leave = () => {
    left = true;
    setTimeout(help, 2500);
  };
  for (const link of document.querySelectorAll('a[data-launch="app"]')) link.addEventListener('click', leave);
  let hidden = false;
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hidden = true;
    else if (left && hidden) location.replace(page + '?note=opened');
  });
  addEventListener('pageshow', event => { if (event.persisted && page.startsWith('/sessions/')) location.replace(page); });

  // The first way to the issuer is followed without a tap where the page says so: once, on a fresh visit that is being
  // looked at; never late, on reload, on Back.
  const isFirstVisit = () => {
    const visit = performance.getEntriesByType('navigation')[0];
    if (!visit || visit.type !== 'navigate' || performance.now() >= 8000) return false;
    if (document.visibilityState !== 'visible') return false;
    try {
      if (sessionStorage.getItem(`left:${page}`)) return false;
      sessionStorage.setItem(`left:${page}`, '1');
      return true;
    } catch { return false; }
  };
  const forward = go => {
    const timer = setTimeout(() => {
      if (document.visibilityState === 'visible') location.href = go.href;
      else say('progress', '');
    }, 900);
    // The line goes later: a page that moves between press and release loses the tap.
    const stay = () => {
      clearTimeout(timer);
      setTimeout(() => say('progress', ''), 1000);
    };
    for (const kind of ['pointerdown', 'keydown', 'pagehide']) addEventListener(kind, stay, { once: true });
    say('progress', go.dataset.forward);
  };
  const touch = document.getElementById('touch');
  const isTouched = touch && navigator.maxTouchPoints >= 2;
  if (isTouched) touch.hidden = false;
  const go = document.getElementById('go');
  if (go && go.dataset.auto) {
    if (isFirstVisit()) {
      leave();
      location.href = go.href;
    } else help();
  } else if (go && go.dataset.forward && !isTouched && isFirstVisit()) forward(go);

  // What only a script can tell of a device, and what only a script can do in a browser inside another app.
  for (const field of document.querySelectorAll('input[name="mtp"]')) {
    field.value = Math.min(99, navigator.maxTouchPoints || 0);
  }
  for (const button of document.querySelectorAll('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      document.getElementById(button.dataset.copy).select();
      if (document.execCommand('copy')) button.textContent = button.dataset.copied;
    });
  }

  // When the code may be asked for again is said once, and not counted aloud.
  const again = document.getElementById('again');
  if (again) setTimeout(() => {
    again.hidden = true;
    say('progress', again.dataset.then);
  }, again.dataset.after * 1000);
  for (const button of document.querySelectorAll('button[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => print());
  }

  const errors = document.getElementById('errors');
  if (errors) errors.focus();

  const net = () => {
    const line = document.getElementById('net');
    if (line) say('net', navigator.onLine ? '' : line.dataset.text);
  };
  addEventListener('online', net);
  addEventListener('offline', net);
  net();
})();
