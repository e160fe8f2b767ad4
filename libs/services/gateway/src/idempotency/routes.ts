/** `/v1/ai`, `/api/v1/ai` and `/api/ai` are one route, and so are the console's names of what /v1 has. */
const aliases: readonly (readonly [RegExp, string])[] = [
  [/^\/api(?:\/v1)?\//, '/v1/'],
  [/^\/console\/workflows?(?=\/|$)/, '/v1/workflows'],
];

/** The one name of a route (its template) under all its aliases. */
export function routeNamed(template: string): string {
  return aliases.reduce((name, [alias, path]) => name.replace(alias, path), template);
}
