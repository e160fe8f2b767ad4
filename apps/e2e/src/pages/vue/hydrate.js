/** A page of Vue that a server has rendered. */
import { createSSRApp } from 'vue';
import { Page } from './page.js';

createSSRApp(Page).mount('#page');
isReady();
