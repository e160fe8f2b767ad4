/** NATS is not as it must be. The message is for the person who runs the system and says what to do. */
export class JetStreamSetupError extends Error {
  override readonly name = 'JetStreamSetupError';
}
