import { VIEWERS, type ChannelSubscription, type Viewers } from '@headrace/event-log';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { FollowedRequests } from './followed-requests.js';

/** Tells dashboards how many clients of this process look on at requests. */
@Injectable()
export class ViewerReports implements BeforeApplicationShutdown {
  private readonly reports: ChannelSubscription;

  constructor(@Inject(VIEWERS) viewers: Viewers, requests: FollowedRequests) {
    this.reports = viewers.report(() => requests.viewers());
  }

  beforeApplicationShutdown(): void {
    this.reports.close();
  }
}
