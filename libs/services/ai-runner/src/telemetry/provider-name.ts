/** Names of the GenAI conventions where they differ from ours; every other provider goes by its own. */
const conventional: ReadonlyMap<string, string> = new Map([
  ['google', 'gcp.gemini'],
  ['mistral', 'mistral_ai'],
  ['xai', 'x_ai'],
  ['azure-openai', 'azure.ai.openai'],
  ['openai-responses', 'openai'],
]);

/** `gen_ai.provider.name` of a provider. */
export const conventionalName = (provider: string): string => conventional.get(provider) ?? provider;
