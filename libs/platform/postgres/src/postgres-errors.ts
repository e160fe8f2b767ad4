import { QueryFailedError } from 'typeorm';

/** Postgres cannot be used. The message is one sentence for the operator, without credentials. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
}

/** The SQLSTATE of an error from Postgres, or the code of a network error; undefined for anything else. */
export function sqlStateOf(error: unknown): string | undefined {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof source !== 'object' || source === null || !('code' in source)) return undefined;
  return typeof source.code === 'string' ? source.code : undefined;
}

/** Whether a row of that key exists already. */
export const isUniqueViolation = (error: unknown): boolean => sqlStateOf(error) === '23505';

/** Whether another row refers to this one, or the row referred to does not exist. */
export const isForeignKeyViolation = (error: unknown): boolean => sqlStateOf(error) === '23503';

/** Whether a value itself was refused (SQLSTATE class 22) or is too deep (54), which no repetition can mend. */
export const isDataRefused = (error: unknown): boolean => /^(22|54)/.test(sqlStateOf(error) ?? '');

/** What an operator should know and do about a connection that failed; the URL's password is never shown. */
export function connectionFailureSentence(error: unknown, databaseUrl: string): string {
  const place = placeOf(databaseUrl);
  const code = sqlStateOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return `No Postgres answers at ${place.host}. Start it, or set DATABASE_URL to the right address.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of DATABASE_URL, ${place.host}, cannot be found. Check its name.`;
    case '28P01':
    case '28000':
      return `Postgres at ${place.host} refuses the user "${place.user}". Check user and password in DATABASE_URL.`;
    case '3D000':
      return `Postgres at ${place.host} has no database "${place.database}". Create it, or correct DATABASE_URL.`;
    case '53300':
      return `Postgres at ${place.host} has no connection left. Raise its max_connections or lower HEADRACE_POSTGRES_POOL_SIZE.`;
    case '57P03':
      return `Postgres at ${place.host} is still starting or shutting down. Start again in a moment.`;
    case '42501':
      return `The user "${place.user}" may not create tables in "${place.database}". Grant it CREATE on the schema.`;
    default:
      return /timeout/i.test(String(error))
        ? `Postgres at ${place.host} does not answer in time. Check the network, or raise HEADRACE_POSTGRES_CONNECT_TIMEOUT_MS.`
        : `Postgres at ${place.host} cannot be used: ${String(error)}`;
  }
}

function placeOf(databaseUrl: string): { host: string; user: string; database: string } {
  try {
    const url = new URL(databaseUrl);
    return {
      host: `${url.hostname}:${url.port || '5432'}`,
      user: decodeURIComponent(url.username),
      database: decodeURIComponent(url.pathname.slice(1)),
    };
  } catch {
    return { host: 'the address in DATABASE_URL', user: '', database: '' };
  }
}

const networkCodes = /^(E[A-Z_]+|08...|53...|57P0[123]|57014)$/;

/** Whether the database, not the statement, is at fault: away, starting, full, or too slow. Trying again may help. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = sqlStateOf(error);
  if (code !== undefined) return networkCodes.test(code);
  // The driver's own errors have a text only.
  return /timeout|timed out|connection (terminated|error)|not (queryable|connected)/i.test(String(error));
}
