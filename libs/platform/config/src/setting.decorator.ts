import 'reflect-metadata';

/** How one setting is read and documented. Its type and limits are class-validator decorators beside it. */
export interface SettingDeclaration {
  /** Environment variable. */
  readonly env: string;
  readonly description: string;
  /** How the text is turned into a value; `list` splits at commas. Default: `string`. */
  readonly as?: 'string' | 'number' | 'boolean' | 'list';
  /** Shown in the reference where the default is computed. */
  readonly defaultText?: string;
  /** Masked wherever settings are listed. */
  readonly secret?: boolean;
}

/** A declared setting with the property it fills. */
export interface DeclaredSetting extends SettingDeclaration {
  readonly property: string;
}

/** A class whose properties are settings: defaults are the property initialisers. */
export type SettingsClass<Settings extends object = object> = new () => Settings;

const key = Symbol('headrace:settings');

/** Declares a property of a settings class as read from the environment. */
export function Setting(declaration: SettingDeclaration): PropertyDecorator {
  return (target, property) => {
    const declared = (Reflect.getOwnMetadata(key, target.constructor) ?? []) as DeclaredSetting[];
    Reflect.defineMetadata(key, [...declared, { ...declaration, property: String(property) }], target.constructor);
  };
}

/** The settings that a class declares, in order. */
export function declaredSettings(settings: SettingsClass): readonly DeclaredSetting[] {
  return (Reflect.getOwnMetadata(key, settings) ?? []) as DeclaredSetting[];
}
