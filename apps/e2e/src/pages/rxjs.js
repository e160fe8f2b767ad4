/** What Angular does with its service, without Angular: a component provides it, its template subscribes. */
import { ModelRiverService } from '@headrace/client/angular';

const page = document.getElementById('page');
page.innerHTML = '<button id="toggle"></button><div></div>';
const place = page.querySelector('div');

/** Puts the component on the page. Returns its `ngOnDestroy`. */
function construct() {
  const service = new ModelRiverService();
  service.init();
  place.innerHTML = '<button id="ask"></button><p id="text"></p><output></output>';
  const [button, text, output] = place.children;
  button.onclick = async () => service.connect(await ask());
  service.text$.subscribe((value) => (text.textContent = value));
  service.error$.subscribe((value) => value && (text.textContent = value));
  service.hasPendingRequest$.subscribe((value) => (output.dataset.pending = value));
  service.response$.subscribe((value) => (output.textContent = JSON.stringify(value)));
  return () => {
    service.destroy();
    place.replaceChildren();
  };
}

let destroy = construct();
document.getElementById('toggle').onclick = () => {
  destroy = destroy ? void destroy() : construct();
};
