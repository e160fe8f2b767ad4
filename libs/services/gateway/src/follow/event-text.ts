/** An event as server-sent events write it. `data` is JSON, so it has no line break. */
export const eventText = (event: string, data: string, id?: string): string =>
  `${id === undefined ? '' : idText(id)}event: ${event}\ndata: ${data}\n\n`;

/** Has the client remember a place; ends in an empty line only with an event behind it. */
const idText = (id: string): string => `id: ${id}\n`;

/** Has the client remember a place at which there was nothing to tell. */
export const placeText = (id: string): string => `${idText(id)}\n`;

/** How long the client waits before it comes again when its connection is lost, in milliseconds. */
export const retryText = (milliseconds: number): string => `retry: ${Math.round(milliseconds)}\n\n`;
