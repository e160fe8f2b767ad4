/** A page of Angular with signals: two answers beside each other. */
import '@angular/compiler';
import { JsonPipe } from '@angular/common';
import { ChangeDetectionStrategy, Component } from '@angular/core';
import type { AsyncResponse } from '@headrace/client';
import { injectHeadrace } from '@headrace/client/angular';
import { startPage } from './start-page.js';

declare function ask(): Promise<AsyncResponse>;

@Component({
  selector: 'another-answer',
  imports: [JsonPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button id="ask-another" (click)="onAsk()"></button>
    <pre>{{ ai.response() | json }}</pre>
  `,
})
class AnotherAnswer {
  protected readonly ai = injectHeadrace({ storageKeyPrefix: 'another_' });

  protected async onAsk(): Promise<void> {
    this.ai.connect(await ask());
  }
}

@Component({
  selector: 'an-answer',
  imports: [AnotherAnswer, JsonPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button id="ask" (click)="onAsk()"></button>
    <p id="text">{{ ai.error() ?? ai.text() }}</p>
    <output [attr.data-pending]="ai.hasPendingRequest()">{{ ai.response() | json }}</output>
    <ol>
      @for (step of ai.steps(); track step.id) {
        <li>{{ step.id }} {{ step.status }}</li>
      }
    </ol>
    <another-answer />
  `,
})
class Answer {
  protected readonly ai = injectHeadrace();

  protected async onAsk(): Promise<void> {
    this.ai.connect(await ask());
  }
}

await startPage(Answer);
