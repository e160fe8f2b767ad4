/** Reads of the log at once, so that ten thousand clients do not ask in one breath. */
const readsAtOnce = 64;

/** Has all who follow read what they were not told while the connection was away, some at a time, in order. */
export async function readAfterReconnect<Follower>(
  followers: Iterable<Follower>,
  read: (follower: Follower) => Promise<unknown>,
): Promise<void> {
  const waiting = followers[Symbol.iterator]();
  const readOneByOne = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await read(next.value);
  };
  await Promise.all(Array.from({ length: readsAtOnce }, readOneByOne));
}
