// The columns of labelled posts, as docs/labels.md describes them.

import { EMOTIONS } from '../emofuse.js';

/** In their order. The table's own other columns come after them. */
export const COLUMNS = Object.freeze([
    'id',
    'image',
    'caption',
    'emotion',
    'confidence',
    'secondary',
    'uncertain',
    'uncertain_because',
    ...EMOTIONS,
    'image_emotion',
    'image_confidence',
    'caption_emotion',
    'caption_confidence',
    'agreement',
    'hand_emotion',
    'corrected_emotion',
    'corrected_confidence',
    'error',
    'image_sha256',
    'model_sha256',
    'backend',
]);
