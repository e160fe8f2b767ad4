import { Setting } from '@headrace/config';
import { IsBoolean, IsOptional, Matches } from 'class-validator';

/** Settings of the demo project. */
export class DemoSettings {
  @Setting({
    env: 'HEADRACE_DEMO',
    as: 'boolean',
    description: 'Whether a demo project with the workflows "demo" and "demo_event" is made at the first start.',
    defaultText: '`true` where all services run in one process, else `false`',
  })
  @IsBoolean()
  demo = false;

  @Setting({
    env: 'HEADRACE_API_KEY',
    secret: true,
    description: "The demo project's API key: any text; make it long and random where others can reach the system.",
    defaultText: 'made at the first start, printed once and kept in the data directory',
  })
  @IsOptional()
  @Matches(/^[\x21-\x7e]+$/, { message: 'apiKey must be printable ASCII without spaces' })
  apiKey?: string;
}
