import { describe, expect, it } from '@jest/globals';
import { chooseTargets, type TargetCandidate } from './choose-targets.js';

const endpoint = (url: string, overrides: Partial<TargetCandidate> = {}): TargetCandidate => ({
  url,
  events: null,
  active: true,
  ...overrides,
});

describe('the targets of a webhook', () => {
  const all = endpoint('https://all.test/');
  const completedOnly = endpoint('https://completed.test/', { events: ['task.completed'] });
  const failedOnly = endpoint('https://failed.test/', { events: ['task.failed'] });
  const off = endpoint('https://off.test/', { active: false });
  const none = endpoint('https://none.test/', { events: [] });
  const endpoints = [all, completedOnly, failedOnly, off, none];

  it('are the active endpoints whose filter takes it', () => {
    expect(chooseTargets(endpoints, null, 'task.completed').endpoints).toEqual([all, completedOnly]);
    expect(chooseTargets(endpoints, null, 'task.ai_generated').endpoints).toEqual([all]);
  });

  it('include the request’s own URL, once', () => {
    expect(chooseTargets(endpoints, 'https://own.test/', 'task.completed').webhookUrl).toBe('https://own.test/');
    expect(chooseTargets(endpoints, all.url, 'task.completed').webhookUrl).toBeNull();
  });

  it('include the request’s own URL although its endpoint is off or filters the type out', () => {
    expect(chooseTargets(endpoints, off.url, 'task.completed').webhookUrl).toBe(off.url);
    expect(chooseTargets(endpoints, failedOnly.url, 'task.completed').webhookUrl).toBe(failedOnly.url);
  });
});
