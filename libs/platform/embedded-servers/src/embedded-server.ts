/** Tells the person at the terminal what happens, one sentence at a time. */
export type Log = (sentence: string) => void;

/** Where an embedded server keeps its data and how it is reached. */
export interface EmbeddedServerOptions {
  /** Folder of all embedded data; each server makes a folder of its own in it. */
  readonly dataDir: string;
  /** Fixed port. Left out: the port of the last start if it is free, else any free one. */
  readonly port?: number;
  readonly log: Log;
}

/** A running embedded server. */
export interface EmbeddedServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process has ended, asked to or not. */
  readonly ended: Promise<void>;
  /** Stops it cleanly and resolves once the process is gone. Calling it again does no harm. */
  stop(): Promise<void>;
}
