// The worker in a browser.

import { BackendError } from './src/errors.js';
import { crashReporter, listenForPanics } from './src/worker/panics.js';
import { serve } from './src/worker/service.js';

const scope = /** @type {{ postMessage(message: unknown): void }} */ (/** @type {unknown} */ (self));
const post = (/** @type {import('./src/transport/protocol.js').Answer} */ answer) => scope.postMessage(answer);
const clarify = listenForPanics();
const receive = serve(post, clarify);
const crash = crashReporter(post, clarify);

self.addEventListener('message', ({ data }) => void receive(data));
self.addEventListener('error', (event) => crash(event.error ?? new BackendError(event.message)));
self.addEventListener('unhandledrejection', (event) => crash(event.reason));
