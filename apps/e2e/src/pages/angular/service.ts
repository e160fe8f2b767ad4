/** A page of Angular whose component provides the service, as one does that was written for ModelRiver. */
import '@angular/compiler';
import { AsyncPipe, JsonPipe } from '@angular/common';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import type { AsyncResponse } from '@headrace/client';
import { ModelRiverService } from '@headrace/client/angular';
import { startPage } from './start-page.js';

declare function ask(): Promise<AsyncResponse>;

/** Reads the getters only, so nothing but them can tell it that something has changed. */
@Component({
  selector: 'connection-state',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<i id="getters"
    >{{ modelRiver.isConnecting }} {{ modelRiver.isConnected }} {{ modelRiver.state.text }}</i
  >`,
})
class ConnectionState {
  protected readonly modelRiver = inject(ModelRiverService);
}

@Component({
  selector: 'an-answer',
  imports: [AsyncPipe, JsonPipe, ConnectionState],
  providers: [ModelRiverService],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button id="ask" (click)="onAsk()"></button>
    <p id="text">{{ (modelRiver.error$ | async) ?? (modelRiver.text$ | async) }}</p>
    <output [attr.data-pending]="modelRiver.hasPendingRequest$ | async">{{
      modelRiver.response$ | async | json
    }}</output>
    <ol>
      @for (step of modelRiver.steps$ | async; track step.id) {
        <li>{{ step.id }} {{ step.status }}</li>
      }
    </ol>
    <connection-state />
  `,
})
class Answer {
  protected readonly modelRiver = inject(ModelRiverService);

  constructor() {
    this.modelRiver.init();
  }

  /** As one had to with the ModelRiver client; Angular has the service do the same by itself. */
  ngOnDestroy(): void {
    this.modelRiver.destroy();
  }

  protected async onAsk(): Promise<void> {
    this.modelRiver.connect(await ask());
  }
}

await startPage(Answer);
