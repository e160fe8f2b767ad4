import { IsInt, IsNumber, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { Setting } from './setting.decorator.js';

const url = { require_tld: false, require_protocol: true } as const;

/** Settings that every process reads. */
export class HeadraceSettings {
  @Setting({ env: 'HEADRACE_PORT', as: 'number', description: 'Port of HTTP and WebSocket.' })
  @IsInt()
  @Min(0)
  @Max(65_535)
  port = 4100;

  @Setting({ env: 'HEADRACE_HOST', description: 'Address to listen on.' })
  @IsString()
  host = '0.0.0.0';

  @Setting({
    env: 'HEADRACE_PUBLIC_URL',
    description: 'How clients reach the system; callback_url and websocket_url are built from it.',
    defaultText: 'http://localhost:<port>',
  })
  @IsOptional()
  @IsUrl({ ...url, protocols: ['http', 'https'] })
  publicUrl?: string;

  @Setting({
    env: 'HEADRACE_CALLBACK_URL',
    description: 'Base of callback_url where the callback service has an address of its own.',
    defaultText: 'HEADRACE_PUBLIC_URL',
  })
  @IsOptional()
  @IsUrl({ ...url, protocols: ['http', 'https'] })
  callbackUrl?: string;

  @Setting({
    env: 'HEADRACE_WEBSOCKET_URL',
    description: 'Base of websocket_url (ws:// or wss://) where the realtime hub has an address of its own.',
    defaultText: 'HEADRACE_PUBLIC_URL with ws(s)://',
  })
  @IsOptional()
  @IsUrl({ ...url, protocols: ['ws', 'wss'] })
  websocketUrl?: string;

  @Setting({ env: 'NATS_URL', description: 'NATS servers, separated by commas.', defaultText: 'the embedded server' })
  @IsOptional()
  @IsString()
  natsUrl?: string;

  @Setting({
    env: 'HEADRACE_TIME_SCALE',
    as: 'number',
    description: 'Divides every retry delay and callback window, for tests and demos.',
  })
  @IsNumber()
  @Min(0.001)
  timeScale = 1;

  @Setting({
    env: 'HEADRACE_MASTER_KEY',
    secret: true,
    description: 'Encrypts stored secrets and signs channel tokens: at least 32 characters, the same in every process.',
    defaultText: 'made at the first embedded start',
  })
  @IsOptional()
  @IsString()
  masterKey?: string;

  @Setting({
    env: 'HEADRACE_DEAD_LETTER_DAYS',
    as: 'number',
    description: 'How long dead letters are kept, in days; the same in every process.',
  })
  @IsInt()
  @Min(1)
  @Max(365)
  deadLetterDays = 30;

  @Setting({
    env: 'HEADRACE_AI_SDK_PROVIDERS',
    as: 'list',
    description:
      'More AI providers, by packages of the AI SDK that are installed beside the application: name=package or ' +
      'name=package#export, separated by commas, as in bedrock=@ai-sdk/amazon-bedrock#createAmazonBedrock.',
    defaultText: 'none',
  })
  @Matches(/^[a-z0-9][a-z0-9-]{0,63}=[^#\s]+(#\w+)?$/, {
    each: true,
    message: '$property must be written name=package or name=package#export, separated by commas',
  })
  aiSdkProviders: string[] = [];

  @Setting({
    env: 'HEADRACE_SHUTDOWN_DELAY_MS',
    as: 'number',
    description:
      'How long a process that is told to stop goes on serving while /health/ready says 503, in milliseconds: longer than load balancers in front take to notice.',
  })
  @IsInt()
  @Min(0)
  @Max(10_000)
  shutdownDelayMs = 0;

  @Setting({ env: 'HEADRACE_LOG_LEVEL', description: 'fatal, error, warn, info, debug or trace.' })
  @IsString()
  logLevel = 'info';

  /** How long dead letters are kept, in milliseconds. */
  get deadLetterMs(): number {
    return this.deadLetterDays * 86_400_000;
  }

  /** Base of links that point at this system, without a slash at the end. */
  get publicBase(): string {
    return (this.publicUrl ?? `http://localhost:${this.port}`).replace(/\/+$/, '');
  }

  /** Base of callback URLs, without a slash at the end. */
  get callbackBase(): string {
    return (this.callbackUrl ?? this.publicBase).replace(/\/+$/, '');
  }

  /** `websocket_url` of the asynchronous reply: ends in `/socket` exactly. */
  get socketUrl(): string {
    const base = this.websocketUrl ?? this.publicBase.replace(/^http/, 'ws');
    return `${base.replace(/\/+$/, '')}/socket`;
  }
}
