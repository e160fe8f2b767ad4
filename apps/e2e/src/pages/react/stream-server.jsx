import { text } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { renderToPipeableStream } from 'react-dom/server';
import { LatePage } from './late-page.jsx';

/** Everything that is streamed: first the page without the answer, then what puts that in its place. */
export function render() {
  const sent = new PassThrough();
  const stream = renderToPipeableStream(<LatePage />, {
    onShellReady: () => stream.pipe(sent),
    onError: (error) => sent.destroy(error),
  });
  return text(sent);
}
