/** What the pages of Vue show. */
import { h, ref } from 'vue';
import Answer from './answer.vue';

export const Page = {
  setup() {
    const isThere = ref(true);
    const toggle = () => (isThere.value = !isThere.value);
    return () => [h('button', { id: 'toggle', onClick: toggle }), isThere.value ? h(Answer) : null];
  },
};
