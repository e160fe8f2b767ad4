import type { ProjectConfiguration, WebhookEndpoint } from '../project-configuration.js';

/** An active project without workflows, endpoints or credentials. */
export const aBareProject = (overrides: Partial<ProjectConfiguration> = {}): ProjectConfiguration => ({
  id: 'project-1',
  name: 'Demo',
  active: true,
  signingSecret: 'whsec_c2lnbmluZw==',
  publicReconnect: false,
  retry: null,
  rateLimits: null,
  budgets: [],
  workflows: new Map(),
  endpoints: [],
  credentials: new Map(),
  ...overrides,
});

/** An active endpoint that wants everything and has no policies of its own. */
export const aWebhookEndpoint = (overrides: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
  id: 'endpoint-1',
  url: 'https://receiver.test/hook',
  events: null,
  filter: { workflows: null, eventNames: null, payload: null },
  active: true,
  paused: false,
  failingSince: null,
  secrets: ['whsec_c2lnbmluZw=='],
  headers: {},
  retry: null,
  maxInFlight: null,
  rateLimitPerSecond: null,
  fifoKey: null,
  ...overrides,
});
