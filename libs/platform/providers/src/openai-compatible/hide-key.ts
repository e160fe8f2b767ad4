/** Words that look like a key: providers repeat the one they refuse, some with stars in its middle. */
const keyLike = /\b(?:sk|pk|rk|gsk|xai|key|mr)[-_][A-Za-z0-9*_-]{6,}/g;

/** A provider's message without the key that was sent to it. */
export function hideKey(message: string, apiKey: string | null): string {
  const withoutKey = apiKey === null || apiKey === '' ? message : message.replaceAll(apiKey, '***');
  return withoutKey.replace(keyLike, '***');
}
