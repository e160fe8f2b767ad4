import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { Page } from './page.js';

export const render = () => renderToString(createSSRApp(Page));
