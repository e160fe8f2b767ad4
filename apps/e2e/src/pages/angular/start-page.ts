import '@angular/compiler';
import { NgComponentOutlet } from '@angular/common';
import { Component, provideBrowserGlobalErrorListeners, signal, type Type } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';

declare function isReady(): void;

/** An application of Angular, compiled in the browser, without zones: one component that is taken off and put back. */
export async function startPage(answer: Type<unknown>): Promise<void> {
  @Component({
    selector: '#page',
    imports: [NgComponentOutlet],
    template: `
      <button id="toggle" (click)="isThere.set(!isThere())"></button>
      @if (isThere()) {
        <ng-container [ngComponentOutlet]="answer" />
      }
    `,
  })
  class Page {
    protected readonly answer = answer;
    protected readonly isThere = signal(true);
  }
  await bootstrapApplication(Page, { providers: [provideBrowserGlobalErrorListeners()] });
  isReady();
}
