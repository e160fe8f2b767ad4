/** A page of React, strict as in development: each component is put on the page, taken off and put back at once. */
import { useModelRiver } from '@headrace/client/react';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

function Answer() {
  const { connect, text, response, error, hasPendingRequest } = useModelRiver();
  return (
    <>
      <button id="ask" onClick={async () => connect(await ask())} />
      <p id="text">{error ?? text}</p>
      <output data-pending={hasPendingRequest}>{JSON.stringify(response)}</output>
    </>
  );
}

function Page() {
  const [isThere, setThere] = useState(true);
  return (
    <>
      <button id="toggle" onClick={() => setThere(!isThere)} />
      {isThere && <Answer />}
    </>
  );
}

createRoot(document.getElementById('page')).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
