/** A page of React. */
import { createRoot } from 'react-dom/client';
import { Page } from './page.jsx';

createRoot(document.getElementById('page')).render(<Page />);
