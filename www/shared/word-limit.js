// The number of words of a caption that the model uses.

/** Words, marks and emoji that the tokenizer keeps of one caption (src/engine/text/lexer.rs). */
export const READ_WORDS = 1024;

/** A word with its apostrophes, an emoji, or a mark that the tokenizer keeps. */
const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*|\p{Extended_Pictographic}|[!?…]/gu;

/**
 * How many words a text has; the tokenizer may count a hashtag of several words as more.
 *
 * @param {string} text
 */
export const wordCount = (text) => text.match(WORD)?.length ?? 0;
