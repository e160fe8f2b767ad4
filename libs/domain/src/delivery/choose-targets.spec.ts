import { describe, expect, it } from '@jest/globals';
import type { WebhookBody } from '@headrace/contracts';
import { chooseTargets, type TargetCandidate } from './choose-targets.js';

const wantsAll = { workflows: null, eventNames: null, payload: null };

const endpoint = (url: string, overrides: Partial<TargetCandidate> = {}): TargetCandidate => ({
  url,
  events: null,
  filter: wantsAll,
  active: true,
  ...overrides,
});

const filtering = (url: string, filter: Partial<TargetCandidate['filter']>) =>
  endpoint(url, { filter: { ...wantsAll, ...filter } });

const aWebhook = (overrides: Partial<WebhookBody> = {}): WebhookBody => ({
  type: 'task.completed',
  workflow: 'demo',
  status: 'success',
  channel_id: 'channel-1',
  data: { total: 250 },
  customer_data: {},
  meta: {} as WebhookBody['meta'],
  timestamp: '2026-01-01T00:00:00.000Z',
  ...overrides,
});

const urlsFor = (endpoints: readonly TargetCandidate[], webhook: WebhookBody): string[] =>
  chooseTargets(endpoints, null, webhook).endpoints.map(({ url }) => url);

describe('the targets of a webhook', () => {
  const all = endpoint('https://all.test/');
  const completedOnly = endpoint('https://completed.test/', { events: ['task.completed'] });
  const failedOnly = endpoint('https://failed.test/', { events: ['task.failed'] });
  const off = endpoint('https://off.test/', { active: false });
  const none = endpoint('https://none.test/', { events: [] });
  const endpoints = [all, completedOnly, failedOnly, off, none];

  it('are the active endpoints that want its type', () => {
    expect(chooseTargets(endpoints, null, aWebhook()).endpoints).toEqual([all, completedOnly]);
    expect(chooseTargets(endpoints, null, aWebhook({ type: 'task.ai_generated' })).endpoints).toEqual([all]);
  });

  it('want its workflow', () => {
    const sales = filtering('https://sales.test/', { workflows: ['sales', 'orders'] });
    expect(urlsFor([sales, all], aWebhook({ workflow: 'orders' }))).toEqual([sales.url, all.url]);
    expect(urlsFor([sales, all], aWebhook({ workflow: 'support' }))).toEqual([all.url]);
  });

  it('want its event name, which a standard request does not have', () => {
    const ready = filtering('https://ready.test/', { eventNames: ['content_ready'] });
    expect(urlsFor([ready, all], aWebhook({ event: 'content_ready' }))).toEqual([ready.url, all.url]);
    expect(urlsFor([ready, all], aWebhook({ event: 'other' }))).toEqual([all.url]);
    expect(urlsFor([ready, all], aWebhook({ event: null }))).toEqual([all.url]);
    expect(urlsFor([ready, all], aWebhook())).toEqual([all.url]);
  });

  it('want what its body says', () => {
    const large = filtering('https://large.test/', { payload: { 'data.total': { $gte: 100 } } });
    expect(urlsFor([large, all], aWebhook())).toEqual([large.url, all.url]);
    expect(urlsFor([large, all], aWebhook({ data: { total: 99 } }))).toEqual([all.url]);
  });

  it('want it by every filter they have', () => {
    const picky = filtering('https://picky.test/', { workflows: ['demo'], payload: { 'data.total': 250 } });
    expect(urlsFor([picky], aWebhook())).toEqual([picky.url]);
    expect(urlsFor([picky], aWebhook({ workflow: 'other' }))).toEqual([]);
    expect(urlsFor([picky], aWebhook({ data: {} }))).toEqual([]);
    expect(urlsFor([{ ...picky, events: ['task.failed'] }], aWebhook())).toEqual([]);
  });

  it('include the request’s own URL, once', () => {
    expect(chooseTargets(endpoints, 'https://own.test/', aWebhook()).webhookUrl).toBe('https://own.test/');
    expect(chooseTargets(endpoints, all.url, aWebhook()).webhookUrl).toBeNull();
  });

  it('include the request’s own URL although its endpoint is off or filters the webhook out', () => {
    expect(chooseTargets(endpoints, off.url, aWebhook()).webhookUrl).toBe(off.url);
    expect(chooseTargets(endpoints, failedOnly.url, aWebhook()).webhookUrl).toBe(failedOnly.url);
  });
});
