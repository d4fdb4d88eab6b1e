// The worker in Node.js.

import { parentPort } from 'node:worker_threads';
import { listenForPanics, crashReporter } from '../worker/panics.js';
import { platform } from '../platform.js';
import { serve } from '../worker/service.js';
import { filesOfNode } from './files.js';

Object.assign(platform, filesOfNode);

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const post = (/** @type {import('../transport/protocol.js').Answer} */ answer) => port.postMessage(answer);
const clarify = listenForPanics();
const receive = serve(post, clarify);
const crash = crashReporter(post, clarify);

port.on('message', (request) => void receive(request));
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
