import { validateSync } from 'class-validator';
import { declaredSettings, type DeclaredSetting, type SettingsClass } from './setting.decorator.js';

/** The environment variables of this product start with this. */
const prefix = 'HEADRACE_';

/** What our SDKs, the `headrace` command and their guides read: set where an application and the system share a shell. */
const variablesOfClients = ['HEADRACE_URL', 'HEADRACE_API_KEY', 'HEADRACE_WEBHOOK_SECRET'];

/** Every bad variable at once, each with what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** Loaded settings, one instance per class. */
export class LoadedSettings {
  constructor(
    private readonly instances: ReadonlyMap<SettingsClass, object>,
    /** Variables with our prefix that no class declares: probably misspelt. */
    readonly unknown: readonly string[],
  ) {}

  /** The settings of one class. */
  get<Settings extends object>(settings: SettingsClass<Settings>): Settings {
    const instance = this.instances.get(settings);
    if (!instance) throw new Error(`${settings.name} was not loaded; list it in the service's settings`);
    return instance as Settings;
  }

  /** All settings as variables and values, secrets masked. */
  list(): { env: string; value: unknown }[] {
    return [...this.instances].flatMap(([settings, instance]) =>
      declaredSettings(settings).map(({ env, property, secret }) => {
        const value = (instance as Record<string, unknown>)[property];
        return { env, value: secret && value ? '********' : value };
      }),
    );
  }
}

/**
 * Reads the settings of all classes from the environment.
 * Throws one `ConfigurationError` that names every bad variable. An empty variable counts as not set.
 * `known` are classes of services that do not run here; they only keep their variables from being reported as unknown.
 */
export function loadSettings(
  classes: readonly SettingsClass[],
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly SettingsClass[] = [],
): LoadedSettings {
  const problems: string[] = [];
  const instances = new Map<SettingsClass, object>();
  for (const settings of new Set(classes)) {
    const instance = new settings();
    const declared = declaredSettings(settings);
    for (const setting of declared) assign(instance, setting, environment[setting.env], problems);
    problems.push(...violations(instance, declared));
    instances.set(settings, instance);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  const declared = new Set([
    ...variablesOfClients,
    ...[...classes, ...known].flatMap((settings) => declaredSettings(settings).map(({ env }) => env)),
  ]);
  const unknown = Object.keys(environment).filter((name) => name.startsWith(prefix) && !declared.has(name));
  return new LoadedSettings(instances, unknown);
}

function assign(instance: object, setting: DeclaredSetting, text: string | undefined, problems: string[]): void {
  if (text === undefined || text === '') return;
  const value = parse(text, setting.as ?? 'string');
  if (value === undefined) {
    problems.push(
      `${setting.env} must be ${setting.as === 'number' ? 'a number' : 'true or false'}. ${setting.description}`,
    );
  } else {
    (instance as Record<string, unknown>)[setting.property] = value;
  }
}

function parse(text: string, as: NonNullable<DeclaredSetting['as']>): unknown {
  switch (as) {
    case 'string':
      return text;
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'boolean':
      return { true: true, '1': true, false: false, '0': false }[text.toLowerCase()];
    case 'list':
      return text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
  }
}

function violations(instance: object, declared: readonly DeclaredSetting[]): string[] {
  // A class without validators is not an error here, unlike an unknown value from outside.
  return validateSync(instance, { forbidUnknownValues: false }).map((error) => {
    const setting = declared.find(({ property }) => property === error.property);
    const reasons = Object.values(error.constraints ?? {}).map((reason) => reason.replace(error.property, '').trim());
    return `${setting?.env ?? error.property} ${reasons.join(' and ')}. ${setting?.description ?? ''}`.trim();
  });
}
