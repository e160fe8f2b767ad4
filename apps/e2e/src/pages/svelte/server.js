import { render as renderPage } from 'svelte/server';
import Page from './page.svelte';

export const render = async () => (await renderPage(Page)).body;
