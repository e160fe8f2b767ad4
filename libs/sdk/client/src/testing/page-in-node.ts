import { StorageInMemory } from './recorded-client.js';

type GlobalName = 'document' | 'sessionStorage' | 'addEventListener' | 'removeEventListener';

/** The events and the memory that a page has in a browser, where there is none. */
export class PageInNode {
  readonly tab = new StorageInMemory();
  readonly #window = new EventTarget();
  readonly #document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  #listeners = 0;

  /** Call `leave` in `afterEach`. */
  static open(): PageInNode {
    const page = new PageInNode();
    page.#define('document', page.#document);
    page.#define('sessionStorage', page.tab);
    for (const target of [page.#window, page.#document]) page.#count(target);
    page.#define('addEventListener', page.#window.addEventListener.bind(page.#window));
    page.#define('removeEventListener', page.#window.removeEventListener.bind(page.#window));
    return page;
  }

  /** How many listeners wait for something of the page. */
  get listeners(): number {
    return this.#listeners;
  }

  hide(): void {
    this.#document.visibilityState = 'hidden';
    this.#document.dispatchEvent(new Event('visibilitychange'));
  }

  show(): void {
    this.#document.visibilityState = 'visible';
    this.#document.dispatchEvent(new Event('visibilitychange'));
  }

  /** An event of the window: `online`, `pageshow`. */
  tell(type: string): void {
    this.#window.dispatchEvent(new Event(type));
  }

  /** The browser runs it again after it had frozen it. */
  thaw(): void {
    this.#document.dispatchEvent(new Event('resume'));
  }

  leave(): void {
    const names: GlobalName[] = ['document', 'sessionStorage', 'addEventListener', 'removeEventListener'];
    for (const name of names) Reflect.deleteProperty(globalThis, name);
  }

  #count(target: EventTarget): void {
    const { addEventListener, removeEventListener } = target;
    target.addEventListener = (...args: Parameters<EventTarget['addEventListener']>) => {
      this.#listeners += 1;
      addEventListener.apply(target, args);
    };
    target.removeEventListener = (...args: Parameters<EventTarget['removeEventListener']>) => {
      this.#listeners -= 1;
      removeEventListener.apply(target, args);
    };
  }

  #define(name: GlobalName, value: unknown): void {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
