/** What the tests see of every page. Runs before the page's own script; these names are global. */

/** Errors and warnings; there should be none. */
const problems = [];
/** The answers of the backend when it was asked, the last one last. */
const asked = [];
/** Every text that was shown since the page was loaded or `texts` was emptied. */
const texts = [];
const sockets = [];
let asking = 0;
let mostOpenSockets = 0;

for (const level of ['warn', 'error']) console[level] = (...args) => problems.push(args.map(String).join(' '));
addEventListener('error', ({ message }) => problems.push(message));
addEventListener('unhandledrejection', ({ reason }) => problems.push(String(reason)));

window.WebSocket = class extends WebSocket {
  constructor(url) {
    super(url);
    sockets.push(this);
    mostOpenSockets = Math.max(mostOpenSockets, openSockets());
  }
};

function openSockets() {
  return sockets.filter(({ readyState }) => readyState <= WebSocket.OPEN).length;
}

/** What pages call as soon as they can be clicked. */
function isReady() {
  window.ready = true;
}

/** What components do when they are clicked: asks the backend of this site. */
async function ask() {
  asking++;
  const answer = await (await fetch('/ask', { method: 'POST' })).json();
  asking--;
  asked.push(answer);
  return answer;
}

/** Resolves once no component waits for the backend any more, and each has done what it does then. */
async function untilAnswered() {
  while (asking > 0) await new Promise((resolve) => setTimeout(resolve));
}

function click(id) {
  document.getElementById(id).click();
}

/** What the component shows, undefined while it is not on the page. */
function shown() {
  const output = document.querySelector('output');
  if (!output?.textContent) return undefined;
  const { textContent: text } = document.getElementById('text');
  return { text, response: JSON.parse(output.textContent), isPending: output.dataset.pending === 'true' };
}

const isInMidAnswer = () => Boolean(shown()?.text) && !shown().response;
/** Whether the request that was asked for last has ended. */
const hasEnded = () => shown()?.response?.channel_id === asked.at(-1)?.channel_id && !shown().isPending;

/** Resolves as soon as something holds, which is looked at after each change of the page; rejects if it never does. */
function until(holds) {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => {
      observer.disconnect();
      const seen = JSON.stringify({ problems, texts, openSockets: openSockets(), page: document.body.innerText });
      reject(new Error(`After 15 s this did not hold: ${holds}. The page: ${seen}`));
    }, 15_000);
    const look = () => {
      if (!holds()) return;
      observer.disconnect();
      clearTimeout(tooLate);
      resolve();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.getElementById('page'), everything);
    look();
  });
}

const everything = { subtree: true, childList: true, characterData: true, attributes: true };
new MutationObserver(() => {
  const text = shown()?.text;
  if (text !== undefined && text !== texts.at(-1)) texts.push(text);
}).observe(document.getElementById('page'), everything);
