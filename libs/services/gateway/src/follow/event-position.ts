/** How far a client has been told, as the `id` of an event says it. */
export interface EventPosition {
  /** Place in the log of the last request event that the client knows. */
  readonly place: number;
  /** How many events `tokens` it has had since. */
  readonly frames: number;
  /** How many characters were in them. */
  readonly characters: number;
}

/** Of a client that knows nothing. */
export const fromTheBeginning: EventPosition = { place: 0, frames: 0, characters: 0 };

/** Places of the log are safe integers: up to 16 digits. */
const pattern = /^(\d{1,16})(?:-(\d{1,9})-(\d{1,9}))?$/;

/** The `id` of an event. */
export const eventIdOf = ({ place, frames, characters }: EventPosition): string =>
  frames === 0 ? String(place) : `${place}-${frames}-${characters}`;

/** What an event's `id` says. Text that is none of ours is as good as none: its client is told from the beginning. */
export function positionOf(eventId: string | undefined): EventPosition {
  const [, place = '0', frames = '0', characters = '0'] = pattern.exec(eventId ?? '') ?? [];
  return { place: Number(place), frames: Number(frames), characters: Number(characters) };
}
