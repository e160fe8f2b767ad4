/** The whole client as one script for a `script` tag: all modules in one scope, minified. */
export function scriptTag(): Promise<string>;
