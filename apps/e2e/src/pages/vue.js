/** A page of Vue. */
import { createApp, h, shallowRef } from 'vue';
import Answer from './vue-answer.vue';

const isThere = shallowRef(true);
const toggle = () => (isThere.value = !isThere.value);

createApp(() => [h('button', { id: 'toggle', onClick: toggle }), isThere.value && h(Answer)]).mount('#page');
