import { startDemoBackend, type DemoBackend } from './demo-backend.js';
import type { HeadraceAppSettings } from './headrace-app.settings.js';

/** By this the demo project's own endpoint is found again. */
const description = 'The demo backend of npm start -- --demo-backend';
const callLimitMs = 10_000;

interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly secret?: string;
  readonly active: boolean;
  readonly description: string | null;
}

/**
 * Keeps the demo project's endpoint in step with whether its backend runs: paused without one, so that nothing is
 * sent into the void; with one it is made anew, because its secret can be read only then.
 */
export async function demoBackendFor(
  app: HeadraceAppSettings,
  systemUrl: string,
  apiKey: string,
  say: (sentence: string) => void,
): Promise<DemoBackend> {
  const call = caller(systemUrl, apiKey);
  const url = `http://127.0.0.1:${app.demoBackendPort}/webhook`;
  const { data } = await call<{ data: Endpoint[] }>('GET', '/v1/webhooks');
  const existing = data.find((endpoint) => endpoint.description === description);
  if (!app.demoBackend) {
    const endpoint = existing ?? (await call<Endpoint>('POST', '/v1/webhooks', { url, description }));
    if (endpoint.active) await call('PATCH', `/v1/webhooks/${endpoint.id}`, { active: false });
    return { url, stop: () => Promise.resolve() };
  }
  if (existing) await call('DELETE', `/v1/webhooks/${existing.id}`);
  const { secret } = await call<Endpoint>('POST', '/v1/webhooks', { url, description });
  return startDemoBackend({
    port: app.demoBackendPort,
    apiKey,
    secret: () => secret,
    onWebhook: ({ type, channelId }) => say(`backend: got ${type} of ${channelId}`),
    onCallback: (channelId, status) => say(`backend: called back for ${channelId}, the answer was ${status}`),
  });
}

/** Calls to the system's own API, which the demo uses as any backend would. */
export function caller(systemUrl: string, apiKey: string) {
  return async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${systemUrl}${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiKey}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(callLimitMs),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
}
