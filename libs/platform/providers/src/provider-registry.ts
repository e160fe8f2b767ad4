import type { AiProvider, ProviderAccess } from './ai-provider.js';
import type { HttpClient } from './http-client.port.js';
import { OfflineProvider, offlineProviderName } from './offline/offline.provider.js';
import { OpenAiCompatibleProvider, type RemoteLimits } from './openai-compatible/openai-compatible.provider.js';
import { ProviderError } from './provider-error.js';

/** Public APIs that speak OpenAI's chat completions, by the names that workflows use. */
export const publicBaseUrls: Readonly<Record<string, string>> = {
  openai: 'https://api.openai.com/v1',
  mistral: 'https://api.mistral.ai/v1',
  xai: 'https://api.x.ai/v1',
  openrouter: 'https://openrouter.ai/api/v1',
};

/** Name of the adapter for any other address; needs a base URL in the credentials. */
export const openAiCompatibleProviderName = 'openai-compatible';

/** The AI providers by name. */
export class ProviderRegistry {
  private readonly providers: ReadonlyMap<string, AiProvider>;
  private readonly anyAddress: AiProvider;

  constructor(http: HttpClient, limits: RemoteLimits, options: { readonly offlineFaults: boolean }) {
    this.anyAddress = new OpenAiCompatibleProvider(http, limits, null);
    this.providers = new Map<string, AiProvider>([
      [offlineProviderName, new OfflineProvider(options.offlineFaults)],
      [openAiCompatibleProviderName, this.anyAddress],
      ...Object.entries(publicBaseUrls).map(
        ([name, url]) => [name, new OpenAiCompatibleProvider(http, limits, url)] as const,
      ),
    ]);
  }

  /** Every name that needs no base URL of the project. */
  get names(): string[] {
    return [...this.providers.keys()];
  }

  /**
   * The provider of a name. A name of the project's own is good when its credentials have a base URL.
   * Throws `ProviderError` with code `unknown_provider`.
   */
  resolve(name: string, access: ProviderAccess | null): AiProvider {
    const provider = this.providers.get(name);
    if (provider) return provider;
    if (access !== null && access.baseUrl !== null) return this.anyAddress;
    throw new ProviderError(
      'unknown_provider',
      `There is no provider "${name.slice(0, 100)}". Use one of ${this.names.join(', ')}, ` +
        'or store credentials with a base URL under this name.',
    );
  }
}
