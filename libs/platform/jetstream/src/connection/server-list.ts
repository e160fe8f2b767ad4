import { JetStreamSetupError } from '../jetstream-setup.error.js';

/** NATS_URL, taken apart. */
export interface ServerList {
  /** `host:port` each. */
  readonly servers: string[];
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  readonly tls: boolean;
}

const natsPort = '4222';

/** Reads NATS_URL: servers separated by commas, credentials (`user:password@` or `token@`) from the first that has any. */
export function serverList(natsUrl: string): ServerList {
  const urls = natsUrl
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parse);
  if (urls.length === 0) throw new JetStreamSetupError('NATS_URL is empty: set it to nats://host:4222.');
  const servers = urls.map(({ hostname, port }) => `${hostname}:${port || natsPort}`);
  const tls = urls.some(({ protocol }) => protocol === 'tls:');
  const { username = '', password = '' } = urls.find((url) => url.username !== '') ?? {};
  if (username === '') return { servers, tls };
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return password === '' ? { servers, tls, token: user } : { servers, tls, user, pass };
}

function parse(text: string): URL {
  try {
    const url = new URL(text.includes('://') ? text : `nats://${text}`);
    if (url.hostname !== '' && ['nats:', 'tls:'].includes(url.protocol)) return url;
  } catch {
    // Said below; the text itself may hold a password.
  }
  throw new JetStreamSetupError(
    'NATS_URL is not valid: set it to nats://host:4222, or to several, separated by commas.',
  );
}
