import * as exported from './index.js';

/** What a `script` tag gives a page: `Headrace.HeadraceClient`, and the global name of the ModelRiver client. */
Object.assign(globalThis, { Headrace: exported, ModelRiver: exported });
