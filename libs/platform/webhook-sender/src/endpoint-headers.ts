/** Headers of an endpoint by name, as its owner set them. */
export type EndpointHeaders = Readonly<Record<string, string>>;

/** About the connection and the length of the body: the HTTP client sees to these. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Our headers and the endpoint's beside them. Ours win whatever the case of their names: a receiver must be able to
 * trust the signatures. Headers about the connection are left out; on HTTP/2 they would end it for other calls too.
 */
export function withEndpointHeaders(ours: EndpointHeaders, endpoints: EndpointHeaders): EndpointHeaders {
  const names = Object.keys(endpoints);
  if (names.length === 0) return ours;
  const taken = new Set(Object.keys(ours).map((name) => name.toLowerCase()));
  const free = names.filter((name) => !taken.has(name.toLowerCase()) && !connectionHeaders.has(name.toLowerCase()));
  return { ...Object.fromEntries(free.map((name) => [name, endpoints[name] ?? ''])), ...ours };
}
