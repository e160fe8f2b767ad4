/** A page of React that a server has streamed. */
import { hydrateRoot } from 'react-dom/client';
import { LatePage } from './late-page.jsx';

hydrateRoot(document.getElementById('page'), <LatePage />);
