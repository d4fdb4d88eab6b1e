// The button of the page that opens after the extension was installed.

import { byId } from '../shared/dom.js';
import { openPanel } from './open-panel.js';

const { id = -1 } = await chrome.windows.getCurrent();
byId('open-panel', HTMLButtonElement).addEventListener('click', () => openPanel(id));
