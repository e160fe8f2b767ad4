/** How long a provider may take to end a stream after it said that nothing more comes, in milliseconds. */
const patienceMs = 1_000;

/**
 * Reads what is left of a stream after its last event, so that its connection stays open for the next call; a stream
 * that does not end soon is cancelled. Returns at once and never fails: the answer is there already.
 */
export function endQuietly(events: AsyncIterator<unknown>, cancel: () => void): void {
  const timer = setTimeout(cancel, patienceMs);
  timer.unref();
  const read = async (): Promise<void> => {
    try {
      let next = await events.next();
      while (next.done !== true) next = await events.next();
    } catch {
      // Whatever breaks now no longer matters.
    } finally {
      clearTimeout(timer);
    }
  };
  void read();
}
