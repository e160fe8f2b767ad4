import type { Json, JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';

const headers = { 'content-type': 'application/json', 'x-request-id': 'req_0f6a' };
const streamHeaders = { 'content-type': 'text/event-stream; charset=utf-8' };

/** A Response as OpenAI's API writes it; its members can be replaced. */
export const aResponse = (members: JsonObject = {}): JsonObject => ({
  id: 'resp_68fe0a1b2c3d',
  object: 'response',
  created_at: 1_763_700_000,
  status: 'completed',
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  model: 'gpt-4o-2024-08-06',
  output: [aMessage('Hello there!')],
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  service_tier: 'default',
  store: false,
  temperature: 1,
  text: { format: { type: 'text' }, verbosity: 'medium' },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
  usage: {
    input_tokens: 19,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens: 10,
    output_tokens_details: { reasoning_tokens: 3 },
    total_tokens: 29,
  },
  user: null,
  metadata: {},
  ...members,
});

export const aMessage = (text: string, annotations: JsonObject[] = []): JsonObject => ({
  ...{ id: 'msg_68fe0a', type: 'message', status: 'completed', role: 'assistant' },
  content: [{ type: 'output_text', annotations, logprobs: [], text }],
});

export const aFunctionCall = (call_id: string, name: string, input: string): JsonObject => ({
  ...{ id: `fc_${call_id}`, type: 'function_call', status: 'completed' },
  ...{ arguments: input, call_id, name },
});

const aRefusal: JsonObject = {
  ...{ id: 'msg_68fe0b', type: 'message', status: 'completed', role: 'assistant' },
  content: [{ type: 'refusal', refusal: "I'm sorry, I can't assist with that request." }],
};

/** An event of the API's streams. */
export const responsesEvent = (type: string, members: JsonObject = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 1, ...members })}\n\n`;

const begun = aResponse({ status: 'in_progress', output: [], usage: null });
const opening = ['response.created', 'response.in_progress'].map((type) => responsesEvent(type, { response: begun }));

const textDelta = (delta: string): string =>
  responsesEvent('response.output_text.delta', {
    ...{ item_id: 'msg_68fe0a', output_index: 0, content_index: 0, delta, logprobs: [], obfuscation: 'aB3' },
  });

const callEvents = (output_index: number, item: JsonObject, ...pieces: string[]): string[] => [
  responsesEvent('response.output_item.added', {
    output_index,
    item: { ...item, arguments: '', status: 'in_progress' },
  }),
  ...pieces.map((delta) =>
    responsesEvent('response.function_call_arguments.delta', { item_id: item.id ?? null, output_index, delta }),
  ),
  responsesEvent('response.function_call_arguments.done', {
    ...{ item_id: item.id ?? null, output_index, arguments: item.arguments ?? null },
  }),
  responsesEvent('response.output_item.done', { output_index, item }),
];

const answer = (body: Json, status = 200, more: Record<string, string> = {}): ReceiverAnswer => ({
  ...{ status, headers: { ...headers, ...more }, body: JSON.stringify(body, null, 2) },
});

const events = (pieces: string[], afterPieces: ReceiverAnswer['afterPieces'] = 'end'): ReceiverAnswer => ({
  ...{ headers: streamHeaders, pieces, afterPieces },
});

/** What the Responses API puts on the wire. */
export const responsesWire = {
  response: (members: JsonObject = {}): ReceiverAnswer => answer(aResponse(members)),
  body: (body: Json): ReceiverAnswer => answer(body),
  text: (text: string): ReceiverAnswer => answer(aResponse({ output: [aMessage(text)] })),
  toolCall: (): ReceiverAnswer =>
    answer(aResponse({ output: [aFunctionCall('call_a', 'weather', '{"city":"Oslo"}')] })),
  refusal: (): ReceiverAnswer => answer(aResponse({ output: [aRefusal] })),
  incomplete: (reason: string, output: JsonObject[] = []): ReceiverAnswer =>
    answer(aResponse({ status: 'incomplete', incomplete_details: { reason }, output })),
  failed: (code: string, message: string): ReceiverAnswer =>
    answer(aResponse({ status: 'failed', error: { code, message }, output: [] })),
};

const twoCalls = [
  aFunctionCall('call_a', 'weather', '{"city":"Oslo"}'),
  aFunctionCall('call_b', 'time', '{}'),
] as const;
const toolCallEvents = [
  ...opening,
  ...callEvents(0, twoCalls[0], '{"ci', 'ty":"Oslo"}'),
  ...callEvents(1, twoCalls[1], '{}'),
  responsesEvent('response.completed', { response: aResponse({ output: [...twoCalls] }) }),
];
const refusalEvents = [
  ...opening,
  responsesEvent('response.refusal.delta', { output_index: 0, content_index: 0, delta: "I'm sorry" }),
  responsesEvent('response.completed', { response: aResponse({ output: [aRefusal] }) }),
];
const incompleteEvents = (reason: string): string[] => [
  ...opening,
  textDelta('Well'),
  responsesEvent('response.incomplete', {
    response: aResponse({ status: 'incomplete', incomplete_details: { reason }, output: [aMessage('Well')] }),
  }),
];

/** What it puts on the wire when it streams. */
export const responsesStream = {
  events,
  opening,
  textDelta,
  textEvents: (...texts: string[]): string[] => {
    const message = aMessage(texts.join(''));
    const at = { item_id: 'msg_68fe0a', output_index: 0, content_index: 0 };
    const part = { type: 'output_text', annotations: [], logprobs: [] };
    return [
      ...opening,
      responsesEvent('response.output_item.added', {
        ...{ output_index: 0, item: { ...message, status: 'in_progress', content: [] } },
      }),
      responsesEvent('response.content_part.added', { ...at, part: { ...part, text: '' } }),
      ...texts.map(textDelta),
      responsesEvent('response.output_text.done', { ...at, logprobs: [], text: texts.join('') }),
      responsesEvent('response.content_part.done', { ...at, part: { ...part, text: texts.join('') } }),
      responsesEvent('response.output_item.done', { output_index: 0, item: message }),
      responsesEvent('response.completed', { response: aResponse({ output: [message] }) }),
    ];
  },
  text: (...texts: string[]): ReceiverAnswer => events(responsesStream.textEvents(...texts)),
  toolCallEvents,
  toolCalls: (): ReceiverAnswer => events(toolCallEvents),
  refusalEvents,
  refusal: (): ReceiverAnswer => events(refusalEvents),
  incompleteEvents,
  incomplete: (reason: string): ReceiverAnswer => events(incompleteEvents(reason)),
  failed: (code: string, message: string): ReceiverAnswer =>
    events([
      ...opening,
      textDelta('We'),
      responsesEvent('response.failed', {
        response: aResponse({ status: 'failed', error: { code, message }, output: [] }),
      }),
    ]),
};
