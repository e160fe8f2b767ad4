import type { Random } from './random.js';

const join = 'phx_join';
const leave = 'phx_leave';
const events = [join, join, join, leave, leave, 'heartbeat', 'phx_close', 'phx_reply', 'phx_error', '', '__proto__'];
const refs: readonly unknown[] = ['1', '2', '3', 1, 2, null, null, '', -0, 'infinite', '9'.repeat(255), '\0', '\ud800'];
const payloads: readonly unknown[] = [{}, {}, null, 'text', [1], 7, { a: { b: [] } }, { status: 'ok', response: {} }];

/** Frames as clients may send them: most are right in form, few in sense, and some nearly right. */
export class RandomFrames {
  constructor(
    private readonly random: Random,
    private readonly topics: readonly string[],
  ) {}

  /** A text or a binary frame. */
  any(version: '1.0.0' | '2.0.0'): string | Buffer {
    return version === '2.0.0' && this.random.chance(0.1) ? this.binary() : this.text(version);
  }

  text(version: '1.0.0' | '2.0.0'): string {
    const { random } = this;
    const [joinRef, ref, payload] = [random.pick(refs), random.pick(refs), random.pick(payloads)];
    const [topic, event] = [random.pick(this.topics), random.pick(events)];
    const first = [joinRef, ref, topic, event, payload];
    const frame = version === '1.0.0' ? { topic, event, payload, ref, join_ref: joinRef } : first;
    const text = JSON.stringify(frame).replace('"infinite"', '1e999');
    return random.chance(0.997) ? text : this.broken(text);
  }

  private binary(): Buffer {
    const { random } = this;
    const fields = ['1', '2', random.pick(this.topics), random.pick(events)].map((field) => Buffer.from(field));
    const head = [0, ...fields.map(({ length }) => length)];
    const frame = Buffer.concat([Buffer.from(head), ...fields, random.bytes(30)]);
    return random.chance(0.98) ? frame : frame.subarray(0, random.below(frame.length));
  }

  private broken(text: string): string {
    const { random } = this;
    const at = random.below(text.length);
    const wrong = `${text.slice(0, at)}${random.pick(['"', '[', '{', '\0', ',', '9'])}${text.slice(at)}`;
    return random.pick([text.slice(0, at), wrong, `[${text}]`, '[]', '{}', '']);
  }
}
