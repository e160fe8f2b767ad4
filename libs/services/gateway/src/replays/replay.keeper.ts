import { statusAfter, type ReplayCommand, type ReplayStatus } from '@headrace/domain';
import { ApiError } from '@headrace/http';
import { ReplayStore, type ReplayRow } from '@headrace/read-model';
import { Injectable } from '@nestjs/common';
import { isDeliveryId } from '../deliveries/delivery-cursor.js';
import { fromReadModel } from '../deliveries/from-read-model.js';

/** Finds a project's replays and changes them while they go on. */
@Injectable()
export class ReplayKeeper {
  constructor(private readonly replays: ReplayStore) {}

  /** Errors: `not_found`, `permission_error` for another project's, `service_unavailable`. */
  async one(project: string, id: string): Promise<ReplayRow> {
    const row = isDeliveryId(id) ? await fromReadModel(() => this.replays.find(id)) : undefined;
    if (!row) throw new ApiError('not_found', 'There is no such replay. Check the id; old ones are removed.');
    if (row.project !== project) {
      throw new ApiError('permission_error', 'The replay belongs to another project. Use a key of that project.');
    }
    return row;
  }

  /** Pauses, resumes or cancels; asking twice is no error. Errors as `one`, and `replay_ended`. */
  async change(project: string, id: string, command: ReplayCommand): Promise<ReplayRow> {
    for (;;) {
      const row = await this.one(project, id);
      const target = statusAfter(row.status as ReplayStatus, command);
      if (target === undefined) throw replayEnded(row.status);
      if (target === row.status) return row;
      const changed = await fromReadModel(() => this.replays.changeStatus(id, row.status, target));
      // Otherwise it has moved on meanwhile: what holds now decides.
      if (changed) return changed;
    }
  }

  /** Changes the rate. Errors as `one`, and `replay_ended`. */
  async changeRate(project: string, id: string, ratePerSecond: number): Promise<ReplayRow> {
    const row = await this.one(project, id);
    const changed = await fromReadModel(() => this.replays.changeRate(id, ratePerSecond));
    if (!changed) throw replayEnded(row.status);
    return changed;
  }
}

const replayEnded = (status: string): ApiError =>
  new ApiError('replay_ended', `The replay has ended (${status}). Make a new one of what is left.`);
