import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const composeFile = fileURLToPath(new URL('../../../../docker-compose.yml', import.meta.url));

/** The image of a server in docker-compose.yml, so that tests and users run the same one. */
export function composeImage(server: 'nats' | 'postgres'): string {
  const image = new RegExp(`image: (${server}:\\S+)`).exec(readFileSync(composeFile, 'utf8'))?.[1];
  if (!image) throw new Error(`docker-compose.yml names no image of ${server}.`);
  return image;
}
