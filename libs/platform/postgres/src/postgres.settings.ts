import { Setting } from '@headrace/config';
import { IsInt, IsOptional, IsUrl, Max, Min } from 'class-validator';

/** How a process reaches Postgres. */
export class PostgresSettings {
  @Setting({
    env: 'DATABASE_URL',
    secret: true,
    description: 'Postgres 14 or newer, as postgres://user:password@host:port/database.',
    defaultText: 'the embedded server',
  })
  @IsOptional()
  @IsUrl({ protocols: ['postgres', 'postgresql'], require_tld: false, require_protocol: true })
  databaseUrl?: string;

  @Setting({
    env: 'HEADRACE_POSTGRES_POOL_SIZE',
    as: 'number',
    description: 'Connections that one process opens at most. All processes together stay under max_connections.',
  })
  @IsInt()
  @Min(2)
  @Max(500)
  poolSize = 10;

  @Setting({
    env: 'HEADRACE_POSTGRES_CONNECT_TIMEOUT_MS',
    as: 'number',
    description: 'How long to wait for a connection, in milliseconds.',
  })
  @IsInt()
  @Min(100)
  connectTimeoutMs = 5_000;

  @Setting({
    env: 'HEADRACE_POSTGRES_STATEMENT_TIMEOUT_MS',
    as: 'number',
    description: 'How long one statement may run, in milliseconds. Migrations have no limit.',
  })
  @IsInt()
  @Min(100)
  statementTimeoutMs = 15_000;
}
