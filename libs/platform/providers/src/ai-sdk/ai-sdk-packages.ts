import type { AiSdkFactory } from './ai-sdk.port.js';

/** An entry of `HEADRACE_AI_SDK_PROVIDERS`: `bedrock=@ai-sdk/amazon-bedrock`, and `#createAmazonBedrock` where that is not clear. */
const entryForm = /^([a-z0-9][a-z0-9-]{0,63})=([^#\s]+)(?:#(\w+))?$/;

/** What an entry says. */
export interface AiSdkPackage {
  /** Name under which workflows use it. */
  readonly provider: string;
  readonly specifier: string;
  /** The export that makes the provider; undefined: the only one whose name begins with `create`. */
  readonly factory: string | undefined;
}

/** Reads the entries. Throws with a sentence that says which one is wrong, and how it is written. */
export function parseAiSdkPackages(entries: readonly string[]): AiSdkPackage[] {
  return entries.map((entry) => {
    const [, provider, specifier, factory] = entryForm.exec(entry.trim()) ?? [];
    if (provider === undefined || specifier === undefined) {
      throw new Error(`${setting}: "${entry}" must be written name=package or name=package#export, as in ${example}.`);
    }
    return { provider, specifier, factory };
  });
}

const setting = 'HEADRACE_AI_SDK_PROVIDERS';
const example = 'bedrock=@ai-sdk/amazon-bedrock#createAmazonBedrock';

/**
 * Loads the packages. `load` imports one; it is `import()` unless a test says otherwise. Throws with a sentence that
 * says which package cannot be used and why: better at the start than at the first request.
 */
export async function loadAiSdkPackages(
  entries: readonly string[],
  load: (specifier: string) => Promise<object> = (specifier) => import(specifier) as Promise<object>,
): Promise<ReadonlyMap<string, AiSdkFactory>> {
  const packages = parseAiSdkPackages(entries);
  const loaded = packages.map(async (one) => [one.provider, factoryIn(one, await loadOne(one, load))] as const);
  return new Map(await Promise.all(loaded));
}

async function loadOne({ specifier }: AiSdkPackage, load: (specifier: string) => Promise<object>): Promise<object> {
  try {
    return await load(specifier);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${setting}: the package ${specifier} cannot be loaded: ${why}. Install it beside the application.`,
      {
        cause: error,
      },
    );
  }
}

function factoryIn({ specifier, factory }: AiSdkPackage, module: object): AiSdkFactory {
  const functions = Object.entries(module).filter(([, value]) => typeof value === 'function');
  const names = functions.map(([name]) => name).filter((name) => name.startsWith('create'));
  const wanted = factory ?? (names.length === 1 ? names[0] : undefined);
  const found = functions.find(([name]) => name === wanted);
  if (found) return found[1] as AiSdkFactory;
  const choice = names.length === 0 ? 'It has none that begins with create.' : `It has ${names.join(', ')}.`;
  throw new Error(
    `${setting}: name the export of ${specifier} that makes its provider: ${specifier}#export. ${choice}`,
  );
}
