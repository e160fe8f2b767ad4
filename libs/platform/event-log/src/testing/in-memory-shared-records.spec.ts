import { InMemorySharedRecords } from './in-memory-shared-records.js';
import { sharedRecordsContract } from './shared-records.contract.js';

const records = new InMemorySharedRecords();

sharedRecordsContract(
  'The in-memory adapter',
  () => records,
  () => records,
);
