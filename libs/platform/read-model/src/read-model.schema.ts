import type { SchemaPart } from '@headrace/postgres';
import { DeadLetterEntity } from './entities/dead-letter.entity.js';
import { DeliveryEntity } from './entities/delivery.entity.js';
import { EndpointSlotEntity } from './entities/endpoint-slot.entity.js';
import { EndpointSummaryEntity } from './entities/endpoint-summary.entity.js';
import { ReplayLetterEntity } from './entities/replay-letter.entity.js';
import { ReplayEntity } from './entities/replay.entity.js';
import { RequestEntity } from './entities/request.entity.js';
import { SpendEntity } from './entities/spend.entity.js';
import { TimelineEventEntity } from './entities/timeline-event.entity.js';
import { CreateReadModel1780000001000 } from './migrations/1780000001000-create-read-model.migration.js';
import { AddDeadLetters1780000002000 } from './migrations/1780000002000-add-dead-letters.migration.js';
import { AddReplays1780000004000 } from './migrations/1780000004000-add-replays.migration.js';
import { AddEndpointStats1780000005000 } from './migrations/1780000005000-add-endpoint-stats.migration.js';
import { IndexOpenWork1780000006000 } from './migrations/1780000006000-index-open-work.migration.js';
import { AddSpend1780000016000 } from './migrations/1780000016000-add-spend.migration.js';
import { AddWorkflowVersion1780000017000 } from './migrations/1780000017000-add-workflow-version.migration.js';

/** The tables that are projected from the log, and those of replays, whose letters and progress are in them. */
export const readModelSchema: SchemaPart = {
  entities: [
    TimelineEventEntity,
    RequestEntity,
    DeliveryEntity,
    DeadLetterEntity,
    ReplayEntity,
    ReplayLetterEntity,
    EndpointSlotEntity,
    EndpointSummaryEntity,
    SpendEntity,
  ],
  migrations: [
    CreateReadModel1780000001000,
    AddDeadLetters1780000002000,
    AddReplays1780000004000,
    AddEndpointStats1780000005000,
    IndexOpenWork1780000006000,
    AddSpend1780000016000,
    AddWorkflowVersion1780000017000,
  ],
};
