/** What one process tells of those who look on at the channels of a project. */
export interface ViewerReport {
  /** Which process. */
  readonly from: string;
  /** Whether these are all of its channels; else those whose number has changed. */
  readonly all: boolean;
  /** By channel. */
  readonly viewers: Readonly<Record<string, number>>;
}
