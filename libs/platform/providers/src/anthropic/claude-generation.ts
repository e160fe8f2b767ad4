/**
 * What depends on the generation of a model. Generations are read from names such as `claude-3-5-haiku-20241022`,
 * `claude-sonnet-4-20250514` and `claude-opus-5-5`, with whatever a cloud puts around them; a name without one is
 * taken for the newest of no known family.
 */
interface Generation {
  readonly family: string;
  readonly major: number;
  readonly minor: number;
}

const named = /claude-(?:([a-z]+)-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)(?:-([a-z]+))?/i;
const unnamed: Generation = { family: '', major: Infinity, minor: 0 };

function generationOf(model: string): Generation {
  if (/claude-(?:instant|v?2)/i.test(model)) return { family: '', major: 2, minor: 0 };
  const [, before, major, minor = '0', after = ''] = named.exec(model) ?? [];
  if (major === undefined) return unnamed;
  return { family: (before ?? after).toLowerCase(), major: Number(major), minor: Number(minor) };
}

const isFrom = (generation: Generation, major: number, minor: number): boolean =>
  generation.major > major || (generation.major === major && generation.minor >= minor);

/** Whether two names are of one model; an alias and the dated name that it stands for are. */
export function isSameModel(one: string, other: string): boolean {
  const [a, b] = [generationOf(one), generationOf(other)];
  return one === other || (a !== unnamed && a.family === b.family && a.major === b.major && a.minor === b.minor);
}

/** Whether answers can be held to a schema by `output_config.format`, and calls of tools by `strict`. */
export const hasOutputFormat = (model: string): boolean => isFrom(generationOf(model), 4, 5);

/** Whether the model sets itself how long to think, by an effort; earlier ones get a budget of tokens. */
export const hasEffort = (model: string): boolean => isFrom(generationOf(model), 4, 6);

/** Whether the effort `xhigh` is known. */
export const hasHighestEffort = (model: string): boolean => isFrom(generationOf(model), 4, 7);

/** Whether temperature, top_p and top_k can be set. */
export const hasSampling = (model: string): boolean => !isFrom(generationOf(model), 4, 7);

/** Whether temperature and top_p exclude each other. */
export const hasOneOfSampling = (model: string): boolean => isFrom(generationOf(model), 4, 1);

/** Generations of each family from which on a tool cannot be forced on the model. */
const unforced = new Map<string, readonly [number, number]>([
  ['opus', [5, 5]],
  ['sonnet', [5, 5]],
  ['fable', [5, 1]],
  ['mythos', [5, 1]],
]);

/** Whether the model can be made to call a tool; undefined for a name that says nothing. */
export function takesForcedCalls(model: string): boolean | undefined {
  const generation = generationOf(model);
  if (generation === unnamed) return undefined;
  const [major, minor] = unforced.get(generation.family) ?? [Infinity, 0];
  return !isFrom(generation, major, minor);
}

/** How a model is kept from thinking, or from thinking much: it thinks unasked since the fifth generation. */
export function withoutThinking(model: string): 'nothing' | 'disabled' | 'between_tools' | 'low_effort' {
  const generation = generationOf(model);
  if (!isFrom(generation, 5, 0)) return 'nothing';
  if (generation.family === 'sonnet' && isFrom(generation, 5, 5)) return 'between_tools';
  const canBeOff = generation.family === 'haiku' || !isFrom(generation, 5, 5);
  return canBeOff && ['haiku', 'sonnet', 'opus'].includes(generation.family) ? 'disabled' : 'low_effort';
}

/** Longest answer in tokens when the request does not say: the API wants to be told, and OpenAI's has no limit. */
export function defaultMaxTokens(model: string): number {
  const generation = generationOf(model);
  if (isFrom(generation, 3, 7)) return 32_000;
  return isFrom(generation, 3, 5) ? 8_192 : 4_096;
}
