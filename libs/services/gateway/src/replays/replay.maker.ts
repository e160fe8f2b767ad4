import { randomBytes } from 'node:crypto';
import type { ErrorDetail } from '@headrace/contracts';
import { invalidFields } from '@headrace/http';
import { ProjectStore } from '@headrace/project-store';
import { ReplayStore, type ReplayRow, type ReplaySelection } from '@headrace/read-model';
import { Injectable } from '@nestjs/common';
import { DeadLetterFinder } from '../dead-letters/dead-letter.finder.js';
import { fromReadModel } from '../deliveries/from-read-model.js';
import { replayFilterOf, replayIdsOf, type NewReplayDto } from './new-replay.dto.js';
import { replayRate } from './replay-rate.dto.js';

/** Makes replays of many dead letters; the dead-letter keeper works them off. */
@Injectable()
export class ReplayMaker {
  constructor(
    private readonly letters: DeadLetterFinder,
    private readonly replays: ReplayStore,
    private readonly projects: ProjectStore,
  ) {}

  /** Errors: `invalid_request_error` for letters and endpoints that the project does not have, `service_unavailable`. */
  async make(project: string, body: NewReplayDto): Promise<ReplayRow> {
    const toEndpointId = body.to_endpoint_id ?? null;
    const [selection, wrongEndpoint] = await Promise.all([
      this.selectionOf(project, body),
      toEndpointId === null ? undefined : this.endpointProblem(project, toEndpointId),
    ]);
    if (wrongEndpoint) throw invalidFields([wrongEndpoint]);
    return fromReadModel(() =>
      this.replays.create({
        id: `rpl_${randomBytes(16).toString('base64url')}`,
        project,
        selection,
        ratePerSecond: body.rate_per_second ?? replayRate.default,
        toEndpointId,
        includeReplayed: body.include_replayed ?? false,
      }),
    );
  }

  private async selectionOf(project: string, body: NewReplayDto): Promise<ReplaySelection> {
    const filter = this.letters.stillKept(replayFilterOf(body));
    const ids = replayIdsOf(body);
    if (!ids) return { filter };
    const known = await fromReadModel(() => this.replays.known(project, ids, filter.since));
    const unknown = ids.flatMap((id, index): ErrorDetail[] =>
      known.has(id) ? [] : [{ param: `ids.${index}`, message: `ids.${index} is no dead letter of the project.` }],
    );
    if (unknown.length > 0) throw invalidFields(unknown);
    return { ids };
  }

  private async endpointProblem(project: string, id: string): Promise<ErrorDetail | undefined> {
    const endpoints = (await this.projects.project(project))?.endpoints ?? [];
    const endpoint = endpoints.find((one) => one.id === id);
    const param = 'to_endpoint_id';
    if (!endpoint) return { param, message: 'to_endpoint_id is no endpoint of the project.' };
    return endpoint.active
      ? undefined
      : { param, message: 'to_endpoint_id is an endpoint that is switched off. Switch it on, then replay.' };
  }
}
