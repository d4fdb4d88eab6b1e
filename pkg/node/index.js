// The package in Node.js: the same classifier, on the CPU, with the package's own decoder of pictures.

import { channels } from '../channel.js';
import { platform } from '../platform.js';
import { openWorker } from './channel.js';
import { filesOfNode } from './files.js';

Object.assign(platform, filesOfNode);
channels.openWorker = openWorker;

export * from '../index.js';
