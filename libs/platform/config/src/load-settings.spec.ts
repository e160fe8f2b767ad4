import { describe, expect, it } from '@jest/globals';
import { IsBoolean, IsInt, IsOptional, IsString, Max, MinLength } from 'class-validator';
import { HeadraceSettings } from './headrace.settings.js';
import { ConfigurationError, loadSettings } from './load-settings.js';
import { Setting } from './setting.decorator.js';

class MailSettings {
  @Setting({ env: 'HEADRACE_MAIL_LIMIT', as: 'number', description: 'Mails a minute.' })
  @IsInt()
  @Max(100)
  limit = 10;

  @Setting({ env: 'HEADRACE_MAIL_ENABLED', as: 'boolean', description: 'Whether mail is sent.' })
  @IsBoolean()
  enabled = false;

  @Setting({ env: 'HEADRACE_MAIL_HOSTS', as: 'list', description: 'Mail servers.' })
  hosts: string[] = [];

  @Setting({ env: 'HEADRACE_MAIL_PASSWORD', secret: true, description: 'At least 8 characters.' })
  @IsOptional()
  @IsString()
  @MinLength(8)
  password?: string;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadSettings([HeadraceSettings, MailSettings], environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('keeps the defaults where nothing is set, or what is set is empty', () => {
    const settings = loadSettings([MailSettings], { HEADRACE_MAIL_LIMIT: '' }).get(MailSettings);
    expect(settings).toMatchObject({ limit: 10, enabled: false, hosts: [] });
  });

  it('reads numbers, booleans and lists', () => {
    const environment = { HEADRACE_MAIL_LIMIT: '20', HEADRACE_MAIL_ENABLED: 'TRUE', HEADRACE_MAIL_HOSTS: 'a, b,' };
    const settings = loadSettings([MailSettings], environment).get(MailSettings);
    expect(settings).toMatchObject({ limit: 20, enabled: true, hosts: ['a', 'b'] });
  });

  it('names every bad variable of every class at once, each with what it is for', () => {
    const problems = problemsOf({
      HEADRACE_PORT: 'http',
      HEADRACE_PUBLIC_URL: 'not a url',
      HEADRACE_TIME_SCALE: '0',
      HEADRACE_MAIL_LIMIT: '101',
      HEADRACE_MAIL_ENABLED: 'perhaps',
    });
    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual([
      'HEADRACE_MAIL_ENABLED',
      'HEADRACE_MAIL_LIMIT',
      'HEADRACE_PORT',
      'HEADRACE_PUBLIC_URL',
      'HEADRACE_TIME_SCALE',
    ]);
    expect(problems).toContain('HEADRACE_PORT must be a number. Port of HTTP and WebSocket.');
    expect(problems).toContain('HEADRACE_MAIL_LIMIT must not be greater than 100. Mails a minute.');
  });

  it('puts all problems into the one message that is shown', () => {
    const environment = { HEADRACE_PORT: '70000', HEADRACE_MAIL_ENABLED: 'perhaps' };
    expect(() => loadSettings([HeadraceSettings, MailSettings], environment)).toThrow(
      /not valid:\n {2}- HEADRACE_PORT .*65535.*\n {2}- HEADRACE_MAIL_ENABLED must be true or false/,
    );
  });

  it('does not show the value of a bad secret', () => {
    expect(problemsOf({ HEADRACE_MAIL_PASSWORD: 'hunter2' }).join()).not.toContain('hunter2');
    expect(problemsOf({ HEADRACE_MAIL_PASSWORD: 'hunter2' })).toHaveLength(1);
  });

  it('reports variables with our prefix that no class declares', () => {
    const environment = { HEADRACE_PROT: '1', HEADRACE_PORT: '1', HEADRACE_MAIL_LIMIT: '1', OTHER: '1' };
    expect(loadSettings([HeadraceSettings], environment, [MailSettings]).unknown).toEqual(['HEADRACE_PROT']);
  });

  it('knows the variables of our SDKs and command, which are set where both run on one machine', () => {
    const environment = { HEADRACE_URL: 'http://localhost:4100', HEADRACE_WEBHOOK_SECRET: 'whsec_AAAA' };
    expect(loadSettings([HeadraceSettings], environment).unknown).toEqual([]);
  });

  it('does not check the settings of services that do not run here', () => {
    expect(() => loadSettings([HeadraceSettings], { HEADRACE_MAIL_LIMIT: 'many' }, [MailSettings])).not.toThrow();
  });

  it('lists all settings with secrets masked', () => {
    const environment = { HEADRACE_MAIL_PASSWORD: 'correct horse', HEADRACE_MAIL_LIMIT: '7' };
    const listed = loadSettings([MailSettings], environment).list();
    expect(listed).toContainEqual({ env: 'HEADRACE_MAIL_LIMIT', value: 7 });
    expect(listed).toContainEqual({ env: 'HEADRACE_MAIL_PASSWORD', value: '********' });
    expect(JSON.stringify(listed)).not.toContain('correct horse');
  });

  it('lists an unset secret as unset', () => {
    expect(loadSettings([MailSettings], {}).list()).toContainEqual({ env: 'HEADRACE_MAIL_PASSWORD', value: undefined });
  });

  it('refuses settings that were not loaded', () => {
    expect(() => loadSettings([], {}).get(MailSettings)).toThrow('MailSettings was not loaded');
  });
});

describe('HeadraceSettings', () => {
  const settings = (environment: Record<string, string> = {}): HeadraceSettings =>
    loadSettings([HeadraceSettings], environment).get(HeadraceSettings);

  it('builds its addresses from the port when no address is set', () => {
    const { publicBase, callbackBase, socketUrl } = settings({ HEADRACE_PORT: '4200' });
    expect([publicBase, callbackBase, socketUrl]).toEqual([
      'http://localhost:4200',
      'http://localhost:4200',
      'ws://localhost:4200/socket',
    ]);
  });

  it('builds secure addresses from a secure public one, without doubled slashes', () => {
    const { callbackBase, socketUrl } = settings({ HEADRACE_PUBLIC_URL: 'https://ai.example.com/' });
    expect([callbackBase, socketUrl]).toEqual(['https://ai.example.com', 'wss://ai.example.com/socket']);
  });

  it('lets the callback service and the hub have addresses of their own', () => {
    const { callbackBase, socketUrl } = settings({
      HEADRACE_CALLBACK_URL: 'http://callback:4104',
      HEADRACE_WEBSOCKET_URL: 'ws://hub:4105/',
    });
    expect([callbackBase, socketUrl]).toEqual(['http://callback:4104', 'ws://hub:4105/socket']);
  });
});
