/** A page of Svelte whose stores belong to a module, not to a component. */
import { mount } from 'svelte';
import Answer from './answer-of-module.svelte';

mount(Answer, { target: document.getElementById('page') });
isReady();
