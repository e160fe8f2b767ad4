import type { GenerationRequest } from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import { structuredWays, type ProviderPreset, type StructuredBy } from './provider-presets.js';

/** A parameter of our own, for servers whose abilities we cannot know; it is never sent on. */
export const structuredWayParameter = 'structured_output_mode';

/**
 * How an answer that fits a schema is asked for: as the parameter `structured_output_mode` says, else as the provider
 * does it best; null when there is no schema. Throws `ProviderError` for a value that is none.
 */
export function structuredWay(
  { structuredOutput, model, parameters }: GenerationRequest,
  preset: ProviderPreset,
  isStreamed: boolean,
): StructuredBy | null {
  const asked = parameters[structuredWayParameter] ?? null;
  const way = structuredWays.find((known) => known === asked);
  if (asked !== null && way === undefined) {
    throw new ProviderError(
      'invalid_request',
      `${structuredWayParameter} must be one of ${structuredWays.join(', ')}. Correct it, or leave it out.`,
    );
  }
  if (structuredOutput === null) return null;
  const hasTools = Array.isArray(parameters.tools) && parameters.tools.length > 0;
  return way ?? preset.structuredOutput({ model, isStreamed, hasTools });
}
