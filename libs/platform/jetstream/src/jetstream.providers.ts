import type { Provider } from '@nestjs/common';
import {
  ACCESS_CHECKS,
  ANSWER_PIECES,
  CHANNEL_FEED,
  CONFIGURATION_NOTICES,
  DELIVERY_DEAD_LETTER_READER,
  DELIVERY_DEAD_LETTERS,
  EVENT_LOG,
  LOG_INSPECTION,
  LISTENER_TUNNEL,
  LONG_POLL_PEERS,
  PIPELINE_DEAD_LETTERS,
  PROJECT_FEED,
  REQUEST_FAILURES,
  SHARED_RECORDS,
  TIMERS,
  VIEWERS,
  WAITING_LINES,
} from '@headrace/event-log';
import { JetStream } from './create-jetstream.js';

/** The ports of an open JetStream as Nest providers, under their tokens; `ConsumerRunner` needs `JetStream` itself. */
export function jetStreamProviders(jetStream: JetStream): Provider[] {
  return [
    { provide: JetStream, useValue: jetStream },
    { provide: EVENT_LOG, useValue: jetStream.eventLog },
    { provide: TIMERS, useValue: jetStream.timers },
    { provide: WAITING_LINES, useValue: jetStream.waitingLines },
    { provide: SHARED_RECORDS, useValue: jetStream.sharedRecords },
    { provide: CHANNEL_FEED, useValue: jetStream.channelFeed },
    { provide: ANSWER_PIECES, useValue: jetStream.answerPieces },
    { provide: PROJECT_FEED, useValue: jetStream.projectFeed },
    { provide: REQUEST_FAILURES, useValue: jetStream.requestFailures },
    { provide: DELIVERY_DEAD_LETTERS, useValue: jetStream.deliveryDeadLetters },
    { provide: DELIVERY_DEAD_LETTER_READER, useValue: jetStream.deliveryDeadLetters },
    { provide: PIPELINE_DEAD_LETTERS, useValue: jetStream.deadLetters },
    { provide: CONFIGURATION_NOTICES, useValue: jetStream.notices },
    { provide: ACCESS_CHECKS, useValue: jetStream.accessChecks },
    { provide: VIEWERS, useValue: jetStream.viewers },
    { provide: LOG_INSPECTION, useValue: jetStream.inspection },
    { provide: LISTENER_TUNNEL, useValue: jetStream.listeners },
    { provide: LONG_POLL_PEERS, useValue: jetStream.longPollPeers },
  ];
}
