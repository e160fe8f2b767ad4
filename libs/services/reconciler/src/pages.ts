/** How many rows are worked on at the same time. */
const together = 16;

/** Does something with every row, some at the same time, until the signal ends it. */
export async function forEach<Row>(
  rows: readonly Row[],
  work: (row: Row) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let start = 0; start < rows.length && !signal.aborted; start += together) {
    await Promise.all(rows.slice(start, start + together).map(work));
  }
}

/** The same with a list that is read page by page. */
export async function forEachPage<Row>(
  read: (after?: Row) => Promise<readonly Row[]>,
  work: (row: Row) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let rows = await read(); rows.length > 0 && !signal.aborted; rows = await read(rows.at(-1))) {
    await forEach(rows, work, signal);
  }
}
