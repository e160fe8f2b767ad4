import { recordsStream, recordSubject, type Json, type RecordAddress } from '@headrace/contracts';
import { RecordConflict, type SharedRecord, type SharedRecords, type WriteRecordOptions } from '@headrace/event-log';
import { headers as newHeaders } from '@nats-io/nats-core';
import type { NatsConnection } from './connection/nats-connection.js';
import { readStored } from './messages/read-stored.js';
import { StaleSequence, storeMessage } from './messages/store-message.js';

/** Shared records as the last messages of subjects of the stream RECORDS; a record's life is its message's TTL. */
export class JetStreamSharedRecords implements SharedRecords {
  constructor(private readonly connection: NatsConnection) {}

  async read(address: RecordAddress): Promise<SharedRecord | undefined> {
    const stored = await readStored(this.connection, recordsStream.name, { last_by_subj: recordSubject(address) });
    return stored && { value: stored.json<Json>(), revision: Number(stored.headers?.get('Nats-Sequence')) };
  }

  async write(address: RecordAddress, value: Json, options: WriteRecordOptions): Promise<number> {
    const { expectedRevision, lifeMs } = options;
    const headers = newHeaders();
    headers.set('Nats-TTL', `${Math.max(1, Math.ceil(lifeMs / 1_000))}s`);
    if (expectedRevision !== undefined) headers.set('Nats-Expected-Last-Subject-Sequence', String(expectedRevision));
    try {
      return await storeMessage(this.connection, recordSubject(address), Buffer.from(JSON.stringify(value)), headers);
    } catch (error) {
      throw error instanceof StaleSequence ? new RecordConflict(address) : error;
    }
  }
}
