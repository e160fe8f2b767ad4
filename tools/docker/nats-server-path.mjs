/** Prints the path of a nats-server, found or obtained as for the tests. The Node of node_modules runs this. */
import { obtainNatsServer } from '@headrace/embedded-servers';

const { path } = await obtainNatsServer({ log: (sentence) => process.stderr.write(`${sentence}\n`) });
process.stdout.write(path);
