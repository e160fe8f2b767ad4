/**
 * phoenix.js 1.7 long-polls with what browsers have and Node has not: an `XMLHttpRequest`, on `self`. This is as much
 * of one as it uses. Import it after what must not see it.
 */
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

Object.assign(globalThis, { self: { XMLHttpRequest: RequestOverFetch } });
