import { ACCESS_CHECKS, type AccessChecks, type ChannelSubscription } from '@headrace/event-log';
import { AccessReader } from '@headrace/project-store';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

/** Tells processes without a database whether what let somebody in still does. */
@Injectable()
export class AccessAnswers implements OnApplicationBootstrap, OnApplicationShutdown {
  private answering: ChannelSubscription | undefined;

  constructor(
    @Inject(ACCESS_CHECKS) private readonly checks: AccessChecks,
    private readonly access: AccessReader,
  ) {}

  onApplicationBootstrap(): void {
    this.answering = this.checks.answer((access) => this.access.holds(access));
  }

  onApplicationShutdown(): void {
    this.answering?.close();
  }
}
