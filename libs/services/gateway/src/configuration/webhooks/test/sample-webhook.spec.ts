import { taskWebhookTypes } from '@headrace/contracts';
import { describe, expect, it } from '@jest/globals';
import { sampleWebhook } from './sample-webhook.js';

const channel = '3f9f6b8e-0000-4000-8000-000000000001';
const sample = (type: (typeof taskWebhookTypes)[number]) =>
  sampleWebhook(type, { channel, callbackBase: 'https://ai.example.com', at: new Date('2026-01-01T00:00:00.000Z') });

describe('a sample webhook', () => {
  it.each(taskWebhookTypes)(
    'of %s has its type, says that it is a test, and survives being parsed and written',
    (type) => {
      const body = sample(type);
      expect(body).toMatchObject({ type, channel_id: channel, meta: { test_mode: true } });
      expect(body.timestamp).toBe('2026-01-01T00:00:00.000Z');
      const raw = JSON.stringify(body);
      expect(JSON.stringify(JSON.parse(raw))).toBe(raw);
    },
  );

  it('expects a callback where the real one does', () => {
    expect(sample('task.ai_generated')).toMatchObject({
      event: 'webhook_test',
      callback_url: `https://ai.example.com/v1/callback/${channel}`,
      callback_required: true,
      ai_response: { data: { title: expect.any(String) } },
    });
    expect(sample('task.reminder')).toMatchObject({
      callback_required: true,
      reminder: { number: 1, waiting_since: '2025-12-31T23:59:00.000Z', deadline: '2026-01-01T00:04:00.000Z' },
    });
    expect(sample('task.completed')).not.toHaveProperty('callback_url');
  });

  it('of a failure has an error and no data', () => {
    expect(sample('task.failed')).toMatchObject({ status: 'error', data: {}, error: { code: 'provider_failed' } });
  });
});
