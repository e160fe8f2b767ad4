import type { ApiClient } from './api-client.js';

/** Real time from scaled time: what tests configure is divided by this. */
export const timeScale = 5_000;

/** A callback window that lasts so long in reality, in the seconds that a workflow is given. */
const windowOf = (realMs: number): number => (realMs * timeScale) / 1_000;

/** How long requests of `shortWindow` wait for their callback, in reality. */
export const shortWindowMs = 2_000;

/** Workflows of the tests beside the demo project's own: their windows are in scaled time. */
export const workflows = {
  /** Event-driven, with a window that no test outlasts. */
  eventDriven: 'e2e_event',
  /** Event-driven, with a window of `shortWindowMs`. */
  shortWindow: 'e2e_short',
  /** Event-driven, with a window that a crash and a restart fit into. */
  middleWindow: 'e2e_middle',
  /** Event-driven, with one round of tool results. */
  oneToolRound: 'e2e_one_round',
  /** Event-driven, with two reminders of the callback, half a second and a second after the answer. */
  reminding: 'e2e_reminding',
} as const;

const definitions = [
  { name: workflows.eventDriven, event_name: 'row_ready', callback_timeout_seconds: windowOf(120_000) },
  { name: workflows.shortWindow, event_name: 'row_ready', callback_timeout_seconds: windowOf(shortWindowMs) },
  { name: workflows.middleWindow, event_name: 'row_ready', callback_timeout_seconds: windowOf(4_000) },
  {
    name: workflows.oneToolRound,
    event_name: 'row_ready',
    callback_timeout_seconds: windowOf(120_000),
    max_tool_rounds: 1,
  },
  {
    name: workflows.reminding,
    event_name: 'row_ready',
    callback_timeout_seconds: windowOf(120_000),
    reminder_seconds: [windowOf(500), windowOf(1_000)],
  },
];

/** Makes the workflows in the demo project. */
export async function createWorkflows(api: ApiClient): Promise<void> {
  for (const definition of definitions) {
    await api.must('POST', '/v1/workflows', { ...definition, provider: 'offline', model: 'e2e' });
  }
}
