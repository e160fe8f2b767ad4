/** Four weeks: the log keeps a request that waits for 30 days, and its end must still find it there. */
export const longestWaitSeconds = 28 * 24 * 60 * 60;
