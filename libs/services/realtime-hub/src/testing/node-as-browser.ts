/*
 * What the real clients find in browsers and not in Node. Import it after what must not see it.
 */

/** phoenix.js 1.7 long-polls with an `XMLHttpRequest`, on `self`. This is as much of one as it uses. */
class RequestOverFetch {
  readyState = 0;
  responseText = '';
  timeout = 0;
  onerror: (() => void) | undefined;
  onreadystatechange: (() => void) | undefined;
  ontimeout: (() => void) | undefined;
  private readonly headers = new Headers();
  private readonly controller = new AbortController();
  private method = '';
  private url = '';

  open(method: string, url: string): void {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }

  send(body: string | null): void {
    const { method, headers } = this;
    fetch(this.url, { method, headers, body, signal: this.controller.signal })
      .then((response) => response.text())
      .then((text) => this.done(text))
      .catch(() => {
        if (!this.controller.signal.aborted) this.onerror?.();
      });
  }

  abort(): void {
    this.controller.abort();
  }

  private done(text: string): void {
    this.readyState = 4;
    this.responseText = text;
    this.onreadystatechange?.();
  }
}

const { setTimeout: timer } = globalThis;

/** Timers end with their page: those of a client that is done (10 s for each push that had no reply) hold no process. */
const pageTimer = (...args: Parameters<typeof timer>) => timer(...args).unref();

Object.assign(globalThis, {
  self: { XMLHttpRequest: RequestOverFetch },
  setTimeout: Object.assign(pageTimer, timer),
});
