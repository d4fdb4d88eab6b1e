// The package in Node.js: the same classifier, on the CPU, with the package's own image decoder.

import { channels } from '../transport/browser.js';
import { platform } from '../platform.js';
import { openWorker } from '../transport/node.js';
import { filesOfNode } from './files.js';

Object.assign(platform, filesOfNode);
channels.openWorker = openWorker;

export * from '../../index.js';
