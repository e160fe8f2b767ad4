import type { AiProvider, ProviderAccess } from './ai-provider.js';
import type { AiSdkFactory } from './ai-sdk/ai-sdk.port.js';
import { AiSdkProvider } from './ai-sdk/ai-sdk.provider.js';
import type { HttpClient } from './http-client.port.js';
import { nativeProviders } from './native-providers.js';
import { OfflineProvider, offlineProviderName } from './offline/offline.provider.js';
import { OpenAiCompatibleProvider } from './openai-compatible/openai-compatible.provider.js';
import { anyAddressPreset, providerPresets } from './openai-compatible/provider-presets.js';
import { openAiProviders, sharedCredentials } from './openai-providers.js';
import { ProviderError } from './provider-error.js';
import { RemoteCaller, type RemoteLimits } from './remote/remote-caller.js';

/** Name of the adapter for any other address; needs a base URL in the credentials. */
export const openAiCompatibleProviderName = 'openai-compatible';

/** What the operator decides about the providers. */
export interface ProviderOptions {
  /** Whether a request's metadata may ask the offline provider for delays, errors and so on. */
  readonly offlineFaults: boolean;
  /** Packages of the AI SDK by the names that workflows use; they take precedence. */
  readonly aiSdkPackages?: ReadonlyMap<string, AiSdkFactory>;
}

/** The AI providers by name. */
export class ProviderRegistry {
  private readonly providers: ReadonlyMap<string, AiProvider>;
  private readonly anyAddress: AiProvider;

  constructor(http: HttpClient, limits: RemoteLimits, options: ProviderOptions) {
    const remote = new RemoteCaller(http, limits);
    this.anyAddress = new OpenAiCompatibleProvider(remote, anyAddressPreset);
    this.providers = new Map<string, AiProvider>([
      [offlineProviderName, new OfflineProvider(options.offlineFaults)],
      [openAiCompatibleProviderName, this.anyAddress],
      ...nativeProviders(remote),
      ...openAiProviders(remote),
      ...Object.entries(providerPresets).map(
        ([name, preset]) => [name, new OpenAiCompatibleProvider(remote, preset)] as const,
      ),
      ...[...(options.aiSdkPackages ?? [])].map(
        ([name, factory]) => [name, new AiSdkProvider(http, limits, factory)] as const,
      ),
    ]);
  }

  /** Every name that needs no base URL of the project. */
  get names(): string[] {
    return [...this.providers.keys()];
  }

  /** What a project has stored for a provider, or for another one that takes the same key; null: nothing. */
  accessTo(name: string, stored: ReadonlyMap<string, ProviderAccess>): ProviderAccess | null {
    return stored.get(name) ?? stored.get(sharedCredentials.get(name) ?? '') ?? null;
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
