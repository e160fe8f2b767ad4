/** A page that follows requests with phoenix.js. Which version it is, its bundler says; these names are global. */
import { LongPoll, Socket } from 'phoenix';

/** Version 1 as its clients write and read it: phoenix.js has only the second one built in. */
const versionOne = {
  vsn: '1.0.0',
  encode: (message, send) => send(JSON.stringify(message)),
  decode: (frame, take) => take({ join_ref: null, ...JSON.parse(frame) }),
};

/** WebSockets that this page has tried to open. */
const tried = [];
window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    tried.push(this.url);
  }
};

/** A socket of the real client, and what it went through. */
function open(url, options = {}) {
  const socket = new Socket(url, options);
  const seen = { opens: 0, closes: [], errors: 0, heartbeats: 0 };
  socket.onOpen(() => (seen.opens += 1));
  socket.onClose(({ code }) => seen.closes.push(code));
  socket.onError(() => (seen.errors += 1));
  socket.onMessage(({ topic, event }) => (seen.heartbeats += topic === 'phoenix' && event === 'phx_reply' ? 1 : 0));
  socket.connect();
  return { socket, seen };
}

/** Follows the request that an answer of the API names. `story` tells what became of it. */
function follow({ websocket_url, websocket_channel, ws_token }, options = {}) {
  const { socket, seen } = open(websocket_url, { params: { token: ws_token }, ...options });
  const channel = socket.channel(websocket_channel);
  const story = { socket, channel, seen, joins: 0, ends: 0, refusals: [], statuses: [], text: '', content: undefined };
  channel.on('response', ({ status, content }) => {
    story.statuses.push(status);
    story.content = content;
  });
  channel.on('tokens', ({ data, index }) => (story.text = index === 0 ? data : story.text + data));
  channel.onClose(() => (story.ends += 1));
  const join = channel.join();
  join.receive('ok', () => (story.joins += 1));
  join.receive('error', ({ reason }) => story.refusals.push(reason));
  return story;
}

/** Resolves as soon as something holds; rejects if it never does. */
function until(holds) {
  return new Promise((resolve, reject) => {
    const looking = setInterval(() => holds() && settle(resolve), 10);
    const tooLate = setTimeout(() => settle(() => reject(new Error(`After 20 s this did not hold: ${holds}`))), 20_000);
    const settle = (done) => {
      clearInterval(looking);
      clearTimeout(tooLate);
      done();
    };
  });
}

/** Resolves after so many answered pings, each a moment after the last; rejects if the socket is not connected. */
async function pings(socket, count) {
  for (let n = 0; n < count; n += 1) {
    await new Promise((resolve, reject) => {
      setTimeout(() => socket.ping(resolve) || reject(new Error('This socket is not connected.')), 20);
    });
  }
}

/** What came of a push or a join. */
const outcomeOf = (push) =>
  new Promise((resolve) => {
    for (const status of ['ok', 'error', 'timeout']) push.receive(status, (response) => resolve({ status, response }));
  });

Object.assign(window, { LongPoll, Socket, versionOne, tried, open, follow, until, pings, outcomeOf });
