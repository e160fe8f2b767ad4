import { eventLogContract } from './event-log.contract.js';
import { InMemoryEventLog } from './in-memory-event-log.js';

const log = new InMemoryEventLog();

eventLogContract('The in-memory adapter', () => log);
