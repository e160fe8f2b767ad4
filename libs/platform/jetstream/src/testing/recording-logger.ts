import type { Logger } from '../logger.js';

/** One line of the log. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A logger that keeps its lines and can be waited for. */
export class RecordingLogger implements Logger {
  readonly lines: LogLine[] = [];
  private readonly waiting = new Set<() => void>();

  info(fields: object, message: string): void {
    this.keep({ level: 'info', fields: { ...fields }, message });
  }

  warn(fields: object, message: string): void {
    this.keep({ level: 'warn', fields: { ...fields }, message });
  }

  error(fields: object, message: string): void {
    this.keep({ level: 'error', fields: { ...fields }, message });
  }

  /** The lines whose message contains `text`. */
  about(text: string): LogLine[] {
    return this.lines.filter(({ message }) => message.includes(text));
  }

  /** Resolves once a line's message contains `text`. */
  async said(text: string): Promise<LogLine> {
    for (;;) {
      const [line] = this.about(text);
      if (line) return line;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  private keep(line: LogLine): void {
    this.lines.push(line);
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}
