import { readFileSync } from 'node:fs';

const pem = (name: string): string => readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), 'utf8');

/** The authority that issued the certificates of the tests. */
export const testAuthority = pem('ca');

/** Key and certificate of a receiver; see `certificates/README.md`. */
export const aCertificate = (
  name: 'good' | 'expired' | 'wrong-host' | 'self-signed',
): { key: string; cert: string } => ({
  key: pem('key'),
  cert: pem(name),
});
