/** A page of React that a server has rendered. */
import { hydrateRoot } from 'react-dom/client';
import { Page } from './page.jsx';

hydrateRoot(document.getElementById('page'), <Page />);
