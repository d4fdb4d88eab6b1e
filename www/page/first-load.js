// Begins to load the model before the rest of the page's modules are there: on a slow line that is seconds earlier.

import { chosenBackend, chosenModel } from '../shared/address.js';
import { EmotionClassifier } from '../emofuse.js';
import { LoadAhead } from './load-ahead.js';

const model = chosenModel();

export const firstLoad = new LoadAhead(
    { backend: chosenBackend(), model: model === 'default' ? null : model },
    (request) => EmotionClassifier.load(request),
);
