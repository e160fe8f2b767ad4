/** What the pages of React show, strict as in development: each component is put there, taken off and put back at once. */
import { useModelRiver } from '@headrace/client/react';
import { StrictMode, useEffect, useState } from 'react';

export function Answer() {
  const { connect, text, response, error, hasPendingRequest } = useModelRiver();
  useEffect(() => isReady(), []);
  return (
    <>
      <button id="ask" onClick={async () => connect(await ask())} />
      <p id="text">{error ?? text}</p>
      {hasPendingRequest && <i>pending</i>}
      <output data-pending={hasPendingRequest}>{JSON.stringify(response)}</output>
    </>
  );
}

/** Anything that can be taken off the page and put back. */
export function Toggled({ children }) {
  const [isThere, setThere] = useState(true);
  return (
    <StrictMode>
      <button id="toggle" onClick={() => setThere(!isThere)} />
      {isThere && children}
    </StrictMode>
  );
}

export const Page = () => (
  <Toggled>
    <Answer />
  </Toggled>
);
