import { runHeadrace } from './start-headrace.js';

await runHeadrace(process.env, process.argv.slice(2));
