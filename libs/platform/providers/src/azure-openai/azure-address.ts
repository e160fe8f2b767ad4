/** Where a deployment is, and the dated version of the API that is spoken there. */
export interface AzureAddress {
  readonly url: string;
  /** `2024-10-21`, …; null: the v1 API, which has no dates. */
  readonly version: string | null;
}

/**
 * The address of chat completions, from what people have at hand: the resource
 * (`https://name.openai.azure.com`, with `?api-version=…` for a dated version), the base URL of the v1 API
 * (`…/openai/v1`), or the target URI of a deployment (`…/openai/deployments/name/chat/completions?api-version=…`).
 * Undefined when it is no URL.
 */
export function azureAddress(baseUrl: string, deployment: string): AzureAddress | undefined {
  if (!URL.canParse(baseUrl)) return undefined;
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
  const version = url.searchParams.get('api-version');
  const isDated = version !== null && /^\d{4}-\d\d/.test(version) && !path.endsWith('/v1');
  url.pathname = `${basePath(path, isDated, deployment)}/chat/completions`;
  return { url: url.href, version: isDated ? version : null };
}

function basePath(path: string, isDated: boolean, deployment: string): string {
  if (path.includes('/deployments/')) return path;
  if (isDated) return `${path.replace(/\/openai$/, '')}/openai/deployments/${encodeURIComponent(deployment)}`;
  return path === '' || path === '/openai' ? '/openai/v1' : path;
}
