import { HeadraceClient, type AIResponse, type HeadraceClientOptions, type TokensEvent } from '@headrace/client';
import type { Stage } from './stage.js';

/** What a browser keeps for the pages of one site. */
export class SiteStorage {
  readonly items = new Map<string, string>();
  getItem = (key: string): string | null => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.items.set(key, value);
  removeItem = (key: string): void => void this.items.delete(key);
}

/** A page that uses our client, and all that it was told. */
export class Page {
  readonly client: HeadraceClient;
  readonly responses: AIResponse[] = [];
  readonly tokens: TokensEvent[] = [];
  /** Names of the other events, with what came with them. */
  readonly events: string[] = [];

  /** Loads the page; it goes with the test. */
  static load(stage: Stage, options: HeadraceClientOptions = {}): Page {
    const page = new Page(options);
    stage.atEnd(() => page.unload());
    return page;
  }

  private constructor(options: HeadraceClientOptions) {
    this.client = new HeadraceClient({ storage: new SiteStorage(), ...options });
    this.client.on('response', (response) => this.responses.push(response));
    this.client.on('tokens', (tokens) => this.tokens.push(tokens));
    for (const event of ['connected', 'channel_joined', 'disconnected', 'error', 'channel_error'] as const) {
      this.client.on(event, (...args: unknown[]) => this.events.push([event, ...args].join(' ')));
    }
  }

  /** What the page has shown of the answer, if it appends each piece. */
  get shown(): string {
    return this.tokens.map(({ data }) => data).join('');
  }

  /** Resolves when the final state is there. */
  final(): Promise<AIResponse> {
    return this.until('response', ({ status }) => status !== 'ai_generated');
  }

  /** Resolves with the next such event. */
  until<Event extends 'response' | 'tokens' | 'disconnected' | 'channel_joined'>(
    event: Event,
    fits: (value: EventValues[Event]) => boolean = () => true,
  ): Promise<EventValues[Event]> {
    return new Promise((resolve) => {
      const remove = this.client.on(event as 'response', (value) => {
        if (!fits(value as EventValues[Event])) return;
        remove();
        resolve(value as EventValues[Event]);
      });
    });
  }

  /** Everything of the page goes, but what it keeps. */
  unload(): void {
    this.client.pause();
  }
}

interface EventValues {
  readonly response: AIResponse;
  readonly tokens: TokensEvent;
  readonly disconnected: string | undefined;
  readonly channel_joined: undefined;
}
