/** A tool call of the model. */
export interface ToolCall {
  /** For `tool_call_id` of its result. */
  readonly id: string;
  readonly name: string;
  /** The arguments, parsed; undefined when the model wrote no JSON, see `text`. */
  readonly arguments: unknown;
  /** The arguments as the model wrote them. */
  readonly text: string;
}

interface ProviderBody {
  readonly choices?: readonly {
    readonly message?: {
      readonly content?: unknown;
      readonly tool_calls?: readonly {
        readonly id?: string;
        readonly function?: { name?: string; arguments?: string };
      }[];
    };
  }[];
}

/** The text of `data` when that is a provider's body; null when it has none, as structured outputs have not. */
export function textOf(data: unknown): string | null {
  const content = messageOf(data)?.content;
  return typeof content === 'string' ? content : null;
}

/** The tool calls in `data` of an answer or a webhook; empty when the model called none. */
export function toolCallsOf(data: unknown): readonly ToolCall[] {
  const calls = messageOf(data)?.tool_calls ?? [];
  return calls.map(({ id = '', function: { name = '', arguments: text = '' } = {} }) => ({
    id,
    name,
    arguments: parsed(text),
    text,
  }));
}

const messageOf = (data: unknown) => (data as ProviderBody | null | undefined)?.choices?.[0]?.message;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
