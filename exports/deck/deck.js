'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const deck = byId('deck'), meeting = document.body.dataset.meeting, open = document.body.dataset.open === 'yes';
  const SWIPE = 50, HINT = 2500, LINE = 6000, AGAIN = 10000, STILL = 20000;
  const WAITING = 'cpd-notes', WHO = 'cpd-name', DRAFT = `cpd-draft-${meeting}`;
  let slides = [], at = 0, typed = '', fading = 0, lineEnds = 0, sending = false;
  const pinned = new Map(); // a slide as it was pinned, by the slide that stands in its place

  // Where the browser keeps nothing, notes are kept as long as the page is open.
  const held = {};
  const store = {
    get(key) { try { return localStorage.getItem(key) ?? held[key] ?? null; } catch { return held[key] ?? null; } },
    set(key, value) { held[key] = value; try { localStorage.setItem(key, value); } catch { /* held */ } },
  };

  function count() {
    slides = [...deck.querySelectorAll('.slide')];
    slides.forEach((slide, place) => {
      slide.id = `slide-${place + 1}`;
      slide.querySelector('h2').id = `title-${place + 1}`;
      slide.setAttribute('aria-labelledby', `title-${place + 1}`);
      slide.querySelector('.number').textContent = String(place + 1);
    });
  }

  function show(place) {
    at = Math.max(0, Math.min(slides.length - 1, place));
    slides.forEach((slide, each) => { slide.hidden = each !== at; });
    scrollTo(0, 0);
    history.replaceState(null, '', `#${at + 1}`);
    byId('said').textContent = `Slide ${at + 1} of ${slides.length}. ${title(slides[at])}`;
    if (byId('presenter').open) fillPresenter();
  }

  const title = (slide) => slide.querySelector('h2').textContent;

  function line(text) {
    byId('line').textContent = text;
    byId('line').hidden = false;
    clearTimeout(lineEnds);
    lineEnds = setTimeout(() => { byId('line').hidden = true; }, LINE);
  }

  function hint() {
    byId('bar').classList.add('wanted');
    document.body.classList.remove('still');
    clearTimeout(fading);
    fading = setTimeout(() => {
      byId('bar').classList.remove('wanted');
      document.body.classList.add('still');
    }, HINT);
  }

  function digits(text) {
    typed = text;
    byId('typed').textContent = typed;
    byId('typed').hidden = typed === '';
  }

  function black(wanted) { byId('black').hidden = !wanted; }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => line('This browser does not go full screen here.'));
  }

  function openDialog(id) {
    byId('bar').classList.remove('wanted');
    if (id === 'list') fillList();
    if (id === 'presenter') fillPresenter();
    if (id === 'help') fillWaiting();
    if (id === 'region' && slides[at].dataset.regions !== 'yes') { line('This slide is not about a region.'); return; }
    if (id === 'note') {
      if (!open) { line('This meeting is over; its minutes are closed.'); return; }
      byId('note-by').value ||= store.get(WHO) ?? '';
      byId('refused').textContent = '';
    }
    byId(id).showModal();
    const first = { list: '[aria-current]', region: '.choices button', note: 'textarea' }[id];
    if (first) byId(id).querySelector(first)?.focus();
  }

  function fillList() {
    byId('slides').replaceChildren(...slides.map((slide, place) => {
      const item = document.createElement('li'), button = document.createElement('button');
      button.type = 'button';
      button.textContent = `${place + 1}  ${title(slide)}`;
      if (place === at) button.setAttribute('aria-current', 'true');
      button.addEventListener('click', () => { byId('list').close(); show(place); });
      item.append(button);
      return item;
    }));
  }

  function fillPresenter() {
    const note = slides[at].querySelector('template');
    const none = document.createElement('p');
    none.textContent = 'There is no note for this slide.';
    byId('for-presenter').replaceChildren(note ? note.content.cloneNode(true) : none);
  }

  function fillWaiting() {
    const many = waiting().length;
    byId('waiting').textContent = many ? `Notes kept in this browser until the network is back: ${many}.` : '';
  }

  // Up and down move through a list of choices.
  function among(dialog, event) {
    const all = [...dialog.querySelectorAll('.choices button')], now = all.indexOf(document.activeElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key];
    if (now < 0 || to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))].focus();
  }

  function parsed(html) {
    const made = document.createElement('template');
    made.innerHTML = html;
    return [...made.content.querySelectorAll('.slide')];
  }

  async function region(name) {
    byId('region').close();
    const there = slides[at], original = pinned.get(there) ?? there;
    if (name === '') { exchange(there, original); return; }
    const { item, part } = there.dataset;
    try {
      const answer = await fetch(`/present/${meeting}/slides/${item}?part=${part}&region=${encodeURIComponent(name)}`);
      const text = await answer.text();
      const [made] = answer.ok ? parsed(text) : [];
      if (!made) { line(text.length < 300 ? text : 'The server could not make this slide. Try again.'); return; }
      pinned.set(made, original);
      exchange(there, made);
    } catch {
      line(`The network is gone: ${name} cannot be shown now. The slide stays as it is.`);
    }
  }

  function exchange(there, other) {
    const shown = slides[at] === there;
    there.replaceWith(other);
    count();
    if (shown) show(at); else other.hidden = true;
  }

  const waiting = () => JSON.parse(store.get(WAITING) ?? '[]');
  const keep = (notes) => store.set(WAITING, JSON.stringify(notes));

  async function post(note) {
    const answer = await fetch(`/present/${note.meeting}/notes`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(note),
    });
    const text = await answer.text();
    if (answer.status >= 500 || answer.status === 401) throw new Error(text); // taken once its writer has signed in again
    if (!answer.ok) return { refused: text };
    return JSON.parse(text);
  }

  // What the network, or the server, does not take now is sent again until it is taken or refused.
  async function send() {
    if (sending) return;
    sending = true;
    try {
      for (const note of waiting()) {
        if (note.refused) continue;
        const answer = await post(note);
        const rest = waiting().filter((each) => each.id !== note.id);
        keep(answer.refused ? [...rest, { ...note, refused: answer.refused }] : rest);
        if (answer.refused) line(`A note was refused, and is kept in this browser: ${answer.refused}`);
        else if (String(note.meeting) === meeting) { noted(answer.slides); line('The note is in the minutes.'); }
      }
    } catch {
      // Still no network: the notes stay where they are.
    } finally {
      sending = false;
    }
  }

  function noted(html) {
    const old = [...deck.querySelectorAll('.slide.noted')], here = slides[at];
    old[0].before(...parsed(html));
    old.forEach((slide) => slide.remove());
    count();
    const still = slides.indexOf(here);
    show(still < 0 ? Math.min(at, slides.length - 1) : still);
  }

  async function save(event) {
    event.preventDefault();
    const form = byId('note-form'), given = Object.fromEntries(new FormData(form));
    const lacks = !given.text.trim() ? 'Type what was said.' : !given.by.trim() ? 'Type your name: it stands in the history.' : '';
    byId('refused').textContent = lacks;
    if (lacks) { byId(given.text.trim() ? 'note-by' : 'note-text').focus(); return; }
    if (given.kind !== 'action') given.owner = given.due = given.into = '';
    const item = slides[at].dataset.item;
    const note = { ...given, id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, meeting: Number(meeting) };
    note.item = item ? Number(item) : null;
    store.set(WHO, given.by.trim());
    keep([...waiting(), note]); // before anything is sent, so that it is not lost whatever happens
    empty();
    byId('note').close();
    try {
      sending = true;
      const answer = await post(note);
      keep(waiting().filter((each) => each.id !== note.id));
      if (answer.refused) { again(note, answer.refused); return; }
      noted(answer.slides);
      line('The note is in the minutes.');
    } catch {
      line('The network is gone: the note is kept in this browser and sent when it is back.');
    } finally {
      sending = false;
    }
  }

  const TYPED = { text: 'note-text', owner: 'note-owner', due: 'note-due', into: 'note-into' };

  function empty() { for (const id of Object.values(TYPED)) byId(id).value = ''; }

  // What was refused stands in the form again, to be mended.
  function again(note, why) {
    for (const [name, id] of Object.entries(TYPED)) byId(id).value = note[name];
    if (!byId('note').open) openDialog('note');
    byId('refused').textContent = why;
  }

  // Slides that stand open close when their reader has signed out elsewhere, or may not see them any more.
  async function mayBeSeen() {
    try {
      const { status } = await fetch(`/present/${meeting}/still`);
      if (status !== 401 && status !== 403) return;
    } catch { return; } // without a network the slides go on
    const typed = Object.fromEntries(Object.entries(TYPED).map(([name, id]) => [name, byId(id).value]));
    if (Object.values(typed).some((text) => text)) store.set(DRAFT, JSON.stringify(typed));
    location.replace('/meeting'); // which says why
  }

  function draft() {
    const typed = JSON.parse(store.get(DRAFT) ?? 'null');
    store.set(DRAFT, 'null');
    if (typed) again(typed, 'This was typed before these slides closed.');
  }

  const DO = {
    next: () => show(at + 1),
    previous: () => show(at - 1),
    first: () => show(0),
    last: () => show(slides.length - 1),
    black: () => black(byId('black').hidden),
    full,
    help: () => openDialog('help'),
    list: () => openDialog('list'),
    region: () => openDialog('region'),
    presenter: () => openDialog('presenter'),
    note: () => openDialog('note'),
  };
  const KEYS = {
    ArrowRight: 'next', ArrowDown: 'next', PageDown: 'next', ' ': 'next', ArrowLeft: 'previous', ArrowUp: 'previous',
    PageUp: 'previous', Home: 'first', End: 'last', b: 'black', '.': 'black', f: 'full', F5: 'full', o: 'list', n: 'presenter',
    r: 'region', d: 'note', '?': 'help', h: 'help',
  };

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const dialog = document.querySelector('dialog[open]');
    if (dialog) {
      const turns = dialog.id === 'presenter' && ['next', 'previous'].includes(KEYS[event.key]);
      if (event.key === 'F5') event.preventDefault(); // a clicker's start button must not lose what is typed
      if (turns && event.key !== ' ') { event.preventDefault(); DO[KEYS[event.key]](); }
      else among(dialog, event);
      return;
    }
    if (!byId('black').hidden) { black(false); event.preventDefault(); return; }
    const onButton = document.activeElement?.closest('#bar') && [' ', 'Enter'].includes(event.key);
    if (onButton) return;
    if (/^\d$/.test(event.key)) { digits((typed + event.key).slice(-3)); return; }
    if (event.key === 'Enter') { if (typed) show(Number(typed) - 1); digits(''); return; }
    digits('');
    const named = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const wanted = event.key === ' ' && event.shiftKey ? 'previous' : KEYS[named];
    if (!wanted) return;
    event.preventDefault(); // F5, too, which some clickers send to begin
    DO[wanted]();
  }

  let from = null;
  addEventListener('touchstart', (event) => {
    const one = event.touches.length === 1 && !event.target.closest('dialog, nav');
    from = one ? [event.touches[0].clientX, event.touches[0].clientY] : null;
    if (one) hint();
  }, { passive: true });
  addEventListener('touchend', (event) => {
    if (!from) return;
    const x = event.changedTouches[0].clientX - from[0], y = event.changedTouches[0].clientY - from[1];
    from = null;
    if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) show(at + (x < 0 ? 1 : -1));
  }, { passive: true });

  addEventListener('keydown', key);
  addEventListener('mousemove', (event) => { if (event.movementX || event.movementY) hint(); });
  addEventListener('online', send);
  addEventListener('hashchange', () => show(Number(location.hash.slice(1)) - 1 || 0));
  byId('black').addEventListener('click', () => black(false));
  byId('bar').addEventListener('click', (event) => {
    const wanted = event.target.dataset.do;
    if (wanted) DO[wanted]();
  });
  document.querySelectorAll('dialog .close').forEach((button) => {
    button.addEventListener('click', () => button.closest('dialog').close());
  });
  byId('region').addEventListener('click', (event) => {
    if (event.target.closest('.choices') && event.target.matches('button')) region(event.target.value);
  });
  byId('note-form').addEventListener('submit', save);
  byId('note-form').addEventListener('change', (event) => {
    if (event.target.name === 'kind') byId('promised').hidden = event.target.value !== 'action';
  });
  setInterval(() => { if (waiting().length) send(); }, AGAIN);
  if (document.body.dataset.signedIn) setInterval(mayBeSeen, STILL);

  count();
  show(Number(location.hash.slice(1)) - 1 || 0);
  document.body.classList.add('still');
  if (open) draft();
  send();
})();
