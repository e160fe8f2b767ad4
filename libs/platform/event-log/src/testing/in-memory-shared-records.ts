import type { Json, RecordAddress } from '@headrace/contracts';
import { RecordConflict } from '../errors.js';
import type { SharedRecord, SharedRecords, WriteRecordOptions } from '../shared-records.port.js';

/** Shared records for unit tests: those of one process. */
export class InMemorySharedRecords implements SharedRecords {
  private readonly kept = new Map<string, { readonly record: SharedRecord; readonly until: number }>();
  private revisions = 0;

  /** What is stored, as text: for tests of what must not be. */
  get text(): string {
    return JSON.stringify([...this.kept.values()]);
  }

  async read(address: RecordAddress): Promise<SharedRecord | undefined> {
    return structuredClone(this.current(address));
  }

  async write(address: RecordAddress, value: Json, options: WriteRecordOptions): Promise<number> {
    const { expectedRevision, lifeMs } = options;
    const current = this.current(address);
    if (expectedRevision !== undefined && expectedRevision !== (current?.revision ?? 0))
      throw new RecordConflict(address);
    this.revisions += 1;
    const record = { value: structuredClone(value), revision: this.revisions };
    this.kept.set(nameOf(address), { record, until: Date.now() + Math.ceil(lifeMs / 1_000) * 1_000 });
    return record.revision;
  }

  private current(address: RecordAddress): SharedRecord | undefined {
    const found = this.kept.get(nameOf(address));
    return found && found.until > Date.now() ? found.record : undefined;
  }
}

const nameOf = ({ kind, project, key }: RecordAddress): string => [kind, project, key].join('.');
