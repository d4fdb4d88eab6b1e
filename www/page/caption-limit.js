// Shows while a person types how much of a long caption the model ignores.

import { READ_WORDS, wordCount } from '../shared/word-limit.js';
import { captionTexts } from '../shared/texts.js';

/**
 * @param {HTMLTextAreaElement} caption
 * @param {HTMLElement} note
 */
export function showLimit(caption, note) {
    const words = wordCount(caption.value);
    const isFull = caption.value.length >= caption.maxLength;
    const texts = [
        ...(words > READ_WORDS ? [captionTexts.tooLong(words, READ_WORDS)] : []),
        ...(isFull ? [captionTexts.full(caption.maxLength)] : []),
    ];
    const text = texts.join(' ');
    if (note.textContent !== text) note.textContent = text;
    note.hidden = text === '';
}
