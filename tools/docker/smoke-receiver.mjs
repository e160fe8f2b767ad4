/** A customer's backend, as far as it is called: takes webhooks and checks their signatures. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * Listens on a free port of every address.
 * @param host the name under which the system reaches this machine
 * @param limitMs how long to wait for a webhook
 */
export async function receiveWebhooks(host, limitMs) {
  let secret;
  const received = new Map();
  const waiting = new Map();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const genuine = request.headers['mr-signature'] === createHmac('sha256', secret).update(raw).digest('hex');
    response.writeHead(genuine ? 200 : 401).end();
    if (!genuine) return console.error('A webhook came with a wrong mr-signature.');
    const webhook = JSON.parse(raw);
    received.set(webhook.channel_id, webhook);
    waiting.get(webhook.channel_id)?.(webhook);
  });
  server.listen(0);
  await once(server, 'listening');
  return {
    url: `http://${host}:${server.address().port}/webhook`,
    verifyWith(endpointSecret) {
      secret = endpointSecret;
    },
    /** The webhook of a request, once it has come. */
    of(channelId) {
      return new Promise((resolve, reject) => {
        const webhook = received.get(channelId);
        if (webhook) return resolve(webhook);
        waiting.set(channelId, resolve);
        setTimeout(
          () => reject(new assert.AssertionError({ message: `no webhook of ${channelId} within ${limitMs} ms` })),
          limitMs,
        ).unref();
      });
    },
    close: () => server.close(),
  };
}
