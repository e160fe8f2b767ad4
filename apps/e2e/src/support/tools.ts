import type { ReceivedRequest } from '@headrace/testing';
import type { WebhookBody } from './wire.js';

/** A tool that the model may have called by the customer's backend. */
export const weatherTool = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** What a webhook's `data` is of when the model called tools. */
interface Completion {
  readonly choices?: readonly { readonly message?: { readonly tool_calls?: readonly { readonly id: string }[] } }[];
}

/** The tool calls that a webhook brings; empty when it brings a final answer. */
export function toolCallsIn(webhook: ReceivedRequest): readonly { readonly id: string }[] {
  const { data } = webhook.json<WebhookBody>() as { readonly data: Completion | null };
  return data?.choices?.[0]?.message?.tool_calls ?? [];
}

/** The body of a callback that answers all tool calls of a webhook. */
export const resultsFor = (webhook: ReceivedRequest) => ({
  tool_results: toolCallsIn(webhook).map(({ id }) => ({ tool_call_id: id, content: { sunny: true, call: id } })),
});
