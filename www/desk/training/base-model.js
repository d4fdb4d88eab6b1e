// The file of the model in use, on whose towers a new last layer is put.

import { publishedModel } from '../../emofuse.js';

/**
 * @param {import('../../shared/model.js').ModelSource} source
 * @returns {Promise<Blob>} Rejects if it cannot be read or downloaded.
 */
export const modelFileOf = async (source) => (source instanceof File ? source : publishedModel(source));
