import type { Headrace } from '@headrace/node';

const id = 'ID';
const messages = [{ role: 'user', content: 'Hello' }];

/** Calls of every method that asks the API something. Ids are `ID`. */
export function everyOperation(headrace: Headrace): (() => Promise<unknown>)[] {
  const { requests, callbacks, deliveries, deadLetters, replays } = headrace;
  const { workflows, structuredOutputs, webhooks, providerCredentials, apiKeys, projects, models, prices } = headrace;
  return [
    () => headrace.trigger({ messages }),
    () => headrace.ask({ messages }),
    async () => (await headrace.stream({ messages })).cancel(),
    () => headrace.reconnect(id),
    () => requests.get(id),
    () => requests.list().page(),
    () => requests.cancel(id),
    () => requests.wait(id),
    () =>
      requests
        .events(id, { maxRetries: 0 })
        .next()
        .catch(() => undefined),
    () => callbacks.complete(id, {}),
    () => deliveries.list().page(),
    () => deadLetters.list().page(),
    () => deadLetters.get(id),
    () => deadLetters.replay(id),
    () => deadLetters.replayMany({ all: true }),
    () => replays.list().page(),
    () => replays.get(id),
    () => replays.setRate(id, 1),
    () => replays.pause(id),
    () => replays.resume(id),
    () => replays.cancel(id),
    () => workflows.create({ name: 'w', provider: 'p', model: 'm' }),
    () => workflows.list().page(),
    () => workflows.get(id),
    () => workflows.update(id, {}),
    () => workflows.delete(id),
    () => workflows.versions(id).page(),
    () => workflows.version(id, 1),
    () => workflows.diff(id, 1, 2),
    () => workflows.rollback(id, 1),
    () => structuredOutputs.create({ name: 's', schema: {} }),
    () => structuredOutputs.list().page(),
    () => structuredOutputs.get(id),
    () => structuredOutputs.update(id, {}),
    () => structuredOutputs.delete(id),
    () => webhooks.create({ url: 'https://shop.example' }),
    () => webhooks.list().page(),
    () => webhooks.get(id),
    () => webhooks.update(id, {}),
    () => webhooks.delete(id),
    () => webhooks.pause(id),
    () => webhooks.resume(id),
    () => webhooks.rotateSecret(id),
    () => webhooks.test(id),
    () => webhooks.stats(id),
    () => providerCredentials.create({ provider: 'openai' }),
    () => providerCredentials.list().page(),
    () => providerCredentials.get(id),
    () => providerCredentials.update(id, {}),
    () => providerCredentials.delete(id),
    () => apiKeys.create({ name: 'k' }),
    () => apiKeys.list().page(),
    () => apiKeys.get(id),
    () => apiKeys.revoke(id),
    () => projects.create({ name: 'p' }),
    () => projects.list().page(),
    () => projects.get(id),
    () => projects.update(id, {}),
    () => projects.createApiKey(id, { name: 'k' }),
    () => projects.rotateSigningSecret(id),
    () => projects.realtimeToken(id),
    () => projects.rateLimits(id),
    () => projects.setRateLimits(id, {}),
    () => projects.budgets(id),
    () => projects.setBudgets(id, []),
    () => models.list(),
    () => models.get(id),
    () => prices.get(),
    () => prices.replace({ prices: [] }),
    () => prices.versions(),
  ];
}

/** What probes of an operator ask, and what OpenAI's own client is for. */
const notOurs = /^\/(health\/|v1\/chat\/completions)/;

/** The operations of an OpenAPI document as those calls would make them, sorted. */
export function apiOperations(paths: Record<string, object>): string[] {
  return Object.entries(paths)
    .filter(([path]) => !notOurs.test(path))
    .flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${filled(path)}`))
    .sort();
}

/** Versions are numbers. */
const filled = (path: string): string =>
  path
    .replace(/\{(version|from)\}/g, '1')
    .replace('{to}', '2')
    .replace(/\{\w+\}/g, id);
