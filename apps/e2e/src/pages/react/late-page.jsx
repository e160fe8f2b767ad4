/** A page whose answer is not ready when the rest of it is sent. */
import { lazy, Suspense } from 'react';
import { Answer, Toggled } from './page.jsx';

const LateAnswer = lazy(() => new Promise((resolve) => setTimeout(resolve, 10, { default: Answer })));

export const LatePage = () => (
  <Toggled>
    {/* Below an element: React sends nothing while what is late might bring the head of the document. */}
    <section>
      <Suspense fallback={<p id="waiting" />}>
        <LateAnswer />
      </Suspense>
    </section>
  </Toggled>
);
