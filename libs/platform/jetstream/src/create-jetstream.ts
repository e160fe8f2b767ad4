import { metrics } from '@headrace/telemetry';
import { ChannelSubscriptions } from './channel-subscriptions.js';
import { NatsConnection } from './connection/nats-connection.js';
import { JetStreamDeliveryDeadLetters } from './dead-letters/jetstream-delivery-dead-letters.js';
import { JetStreamPipelineDeadLetters } from './dead-letters/jetstream-pipeline-dead-letters.js';
import { JetStreamAccessChecks } from './jetstream-access-checks.js';
import { JetStreamAnswerPieces } from './jetstream-answer-pieces.js';
import { JetStreamChannelFeed } from './jetstream-channel-feed.js';
import { JetStreamConfigurationNotices } from './jetstream-configuration-notices.js';
import { JetStreamEventLog } from './jetstream-event-log.js';
import { JetStreamLogInspection } from './jetstream-log-inspection.js';
import { JetStreamProjectFeed } from './jetstream-project-feed.js';
import { JetStreamSharedRecords } from './jetstream-shared-records.js';
import { JetStreamTimers } from './jetstream-timers.js';
import { JetStreamWaitingLines } from './jetstream-waiting-lines.js';
import { JetStreamRequestFailures } from './jetstream-request-failures.js';
import type { JetStreamSettings } from './jetstream.settings.js';
import { JetStreamListenerTunnel } from './listeners/jetstream-listener-tunnel.js';
import { JetStreamLongPollPeers } from './long-poll-peers/jetstream-long-poll-peers.js';
import type { Logger } from './logger.js';
import { JetStreamViewers } from './viewers/jetstream-viewers.js';
import { TopologyKeeper } from './topology/topology-keeper.js';
import { wantedTopology, type WantedTopology } from './topology/wanted-topology.js';

/** Which NATS, and how it is used. */
export interface JetStreamOptions {
  /** NATS_URL. */
  readonly url: string;
  /** Name of this process in the server's monitoring. */
  readonly name: string;
  readonly settings: JetStreamSettings;
  /** Streams and consumers to have; those of the contracts when left out. */
  readonly topology?: WantedTopology;
}

/** Every port on one connection. */
export class JetStream {
  readonly topology: TopologyKeeper;
  readonly eventLog: JetStreamEventLog;
  readonly timers: JetStreamTimers;
  readonly waitingLines: JetStreamWaitingLines;
  readonly sharedRecords: JetStreamSharedRecords;
  readonly channelFeed: JetStreamChannelFeed;
  readonly projectFeed: JetStreamProjectFeed;
  readonly answerPieces: JetStreamAnswerPieces;
  readonly requestFailures: JetStreamRequestFailures;
  readonly deliveryDeadLetters: JetStreamDeliveryDeadLetters;
  /** Pipeline dead letters. */
  readonly deadLetters: JetStreamPipelineDeadLetters;
  readonly notices: JetStreamConfigurationNotices;
  readonly accessChecks: JetStreamAccessChecks;
  readonly viewers: JetStreamViewers;
  readonly inspection: JetStreamLogInspection;
  readonly listeners: JetStreamListenerTunnel;
  readonly longPollPeers: JetStreamLongPollPeers;
  private readonly stopReporting: () => void;

  constructor(
    readonly connection: NatsConnection,
    readonly settings: JetStreamSettings,
    readonly logger: Logger,
    wanted: WantedTopology,
  ) {
    this.topology = new TopologyKeeper(connection, wanted, settings.requestTimeoutMs, logger);
    this.eventLog = new JetStreamEventLog(connection);
    this.timers = new JetStreamTimers(connection);
    this.waitingLines = new JetStreamWaitingLines(connection);
    this.sharedRecords = new JetStreamSharedRecords(connection);
    const channels = new ChannelSubscriptions(connection, logger);
    this.channelFeed = new JetStreamChannelFeed(connection, channels);
    this.projectFeed = new JetStreamProjectFeed(connection, logger);
    this.answerPieces = new JetStreamAnswerPieces(connection, channels, logger);
    this.requestFailures = new JetStreamRequestFailures(connection, logger);
    this.deliveryDeadLetters = new JetStreamDeliveryDeadLetters(connection);
    this.deadLetters = new JetStreamPipelineDeadLetters(connection, logger);
    this.notices = new JetStreamConfigurationNotices(connection, logger);
    this.accessChecks = new JetStreamAccessChecks(connection, logger);
    this.viewers = new JetStreamViewers(connection, logger);
    this.stopReporting = metrics.natsConnected.report(() => (connection.isConnected ? 1 : 0));
    this.inspection = new JetStreamLogInspection(connection, this.topology, settings.requestTimeoutMs);
    this.listeners = new JetStreamListenerTunnel(connection, logger);
    this.longPollPeers = new JetStreamLongPollPeers(connection, logger);
  }

  /** Whether events can be appended right now: connected, and every stream was there when last looked at. */
  isHealthy(): boolean {
    return this.connection.isConnected && this.topology.isPresent;
  }

  /** Lets what was said reach the server and closes the connection. */
  async close(): Promise<void> {
    this.stopReporting();
    this.topology.close();
    await this.connection.close();
  }
}

/** Connects and brings streams and consumers up to date. Throws `JetStreamSetupError` with what to do. */
export async function createJetStream(options: JetStreamOptions, logger: Logger): Promise<JetStream> {
  const connection = await NatsConnection.open(options, logger);
  const { settings, topology = wantedTopology(settings.replicas) } = options;
  const jetStream = new JetStream(connection, settings, logger, topology);
  try {
    await jetStream.topology.applyAll(settings.connectTimeoutMs);
    return jetStream;
  } catch (error) {
    await jetStream.close();
    throw error;
  }
}
