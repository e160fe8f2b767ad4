/** Finds a nats-server for the tests, or obtains one, and says which. The Node of node_modules runs this. */
import { EmbeddedServerError, obtainNatsServer } from '@headrace/embedded-servers';

const log = (sentence) => process.stderr.write(`${sentence}\n`);

try {
  await obtainNatsServer({ log });
} catch (error) {
  if (!(error instanceof EmbeddedServerError)) throw error;
  log(error.message);
  process.exitCode = 1;
}
