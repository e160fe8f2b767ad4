/** A browser's part, as small as it can be: one Phoenix channel (serializer 2.0.0) on one WebSocket. */
import assert from 'node:assert/strict';

const { WebSocket } = globalThis;
const joinRef = '1';

/**
 * Joins the channel of an accepted request.
 * @param accepted the asynchronous reply of `POST /v1/ai/async`
 * @param limitMs how long to wait for each frame
 */
export async function joinChannel({ websocket_url: url, websocket_channel: topic, ws_token: token }, limitMs) {
  const socket = new WebSocket(`${url}/websocket?vsn=2.0.0&token=${encodeURIComponent(token)}`);
  const frames = [];
  let wake = () => {};
  const put = (frame) => {
    frames.push(frame);
    wake();
  };
  socket.addEventListener('open', () => socket.send(JSON.stringify([joinRef, joinRef, topic, 'phx_join', {}])));
  socket.addEventListener('message', ({ data }) => put(JSON.parse(data)));
  socket.addEventListener('close', ({ code }) => put([null, null, topic, 'socket closed', { code }]));

  /** The next frame, which must be `event`; any other one is a failure, because the order is part of the promise. */
  async function next(event) {
    const until = Date.now() + limitMs;
    while (frames.length === 0) {
      const left = until - Date.now();
      assert.ok(left > 0, `no ${event} on ${topic} within ${limitMs} ms`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        wake = () => (clearTimeout(timer), resolve());
      });
    }
    const [ref, , , name, payload] = frames.shift();
    assert.equal(name, event, `expected ${event} and got ${name}: ${JSON.stringify(payload)}`);
    assert.equal(ref, joinRef);
    return payload;
  }

  assert.deepEqual(await next('phx_reply'), { status: 'ok', response: {} });
  return {
    /** The next state that is pushed, which must be `status`; a state that a later one overtook may be left out. */
    async response(status) {
      for (;;) {
        const payload = await next('response');
        if (payload.status === 'ai_generated' && status !== 'ai_generated') continue;
        assert.equal(payload.status, status, JSON.stringify(payload));
        return payload;
      }
    },
    /** The subscription's end, which leaves the WebSocket open until this side closes it. */
    async closed() {
      await next('phx_close');
      assert.equal(socket.readyState, WebSocket.OPEN);
      socket.close();
    },
  };
}
