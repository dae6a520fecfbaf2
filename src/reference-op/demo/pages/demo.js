'use strict';
const PERIOD_MS = 250;
/** A request that gets no answer in this time is sent again. */
const TIMEOUT_MS = 10_000;
const said = document.getElementById('said');
const lost = document.getElementById('lost');
let live = document.getElementById('live');
let timer;
let latest = 0;

/** Shows times in the reader's time zone, and the copy button if there is a clipboard. */
function dress(root) {
  const style = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  for (const time of root.querySelectorAll('time')) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], style);
  }
  for (const button of root.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard;
}

/** Updates the page from the answer: only the times, or everything if the content has changed. */
function show(text) {
  const answer = new DOMParser().parseFromString(text, 'text/html');
  const next = answer.getElementById('live');
  if (!next) throw new Error('not this page');
  dress(next);
  if (next.dataset.turn === live.dataset.turn) {
    const times = live.querySelectorAll('time');
    next.querySelectorAll('time').forEach((time, index) => times[index]?.replaceWith(time));
    return;
  }
  const focused = live.contains(document.activeElement) ? document.activeElement : null;
  const hasTurned = next.dataset.mood !== live.dataset.mood;
  const isNews = next.dataset.says !== live.dataset.says;
  live.replaceWith(next);
  live = next;
  live.classList.toggle('turned', hasTurned);
  document.title = answer.title;
  if (isNews) said.textContent = live.dataset.says;
  if (focused) (document.getElementById(focused.id) ?? live.querySelector('h1')).focus();
}

async function ask(url, init) {
  clearTimeout(timer);
  const turn = ++latest;
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(String(response.status));
    const text = await response.text();
    if (turn !== latest) return; // a newer request has been sent
    show(text);
    lost.hidden = true;
  } catch {
    if (turn !== latest) return;
    lost.hidden = false;
  }
  if ('asks' in live.dataset) timer = setTimeout(() => void ask(location.pathname), PERIOD_MS);
}

/** Asks again when the server says that something has happened. */
function wait(url) {
  const events = new EventSource(url);
  events.addEventListener('message', () => {
    events.close();
    void ask(location.pathname);
  });
}

addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  void ask(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
});

async function copy(button) {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  button.textContent = said.textContent = 'Copied';
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}

/** Fills in the form of the provider's sign-in page and sends it. If that fails, the link leads to that page. */
async function signInAs({ href, dataset }) {
  try {
    const response = await fetch(href);
    // The policy of this page does not allow the style of that page.
    const text = (await response.text()).replace(/<style>[^]*?<\/style>/, '');
    const page = new DOMParser().parseFromString(text, 'text/html');
    const form = document.adoptNode(page.getElementById('password').form);
    form.querySelector('#identifier').value = dataset.identifier;
    form.querySelector('#password').value = dataset.password;
    form.hidden = true;
    document.body.append(form);
    form.submit();
  } catch {
    location.assign(href);
  }
}

addEventListener('click', (event) => {
  const link = event.target.closest('[data-identifier]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void signInAs(link);
});

addEventListener('click', ({ target }) => {
  const button = target.closest('[data-copy]');
  if (button) void copy(button);
});

addEventListener('visibilitychange', () => {
  if (!document.hidden && 'asks' in live.dataset) void ask(location.pathname);
});

dress(document);
if ('waits' in live.dataset) wait(live.dataset.waits);
if ('asks' in live.dataset) void ask(location.pathname);
