// The types that the desk's parts share. There is no code here.

/** @typedef {import('../emofuse.js').Backend} Backend */
/** @typedef {import('../emofuse.js').Emotion} Emotion */
/** @typedef {import('../emofuse.js').ModelName} ModelName */
/** @typedef {import('../emofuse.js').UncertainReason} UncertainReason */

/**
 * The model's prediction for a post. It is stored for each of thousands of posts, and in the journal, so it is small:
 * nine numbers in the order of EMOTIONS instead of objects.
 *
 * @typedef {object} StoredPrediction
 * @property {Float32Array} scores What image and caption convey together.
 * @property {Float32Array | null} image What the image conveys alone.
 * @property {Float32Array | null} caption What the caption conveys alone.
 * @property {number | null} agreement
 * @property {Emotion | null} secondary The second label, if it is close and right often enough.
 * @property {boolean} uncertain
 * @property {readonly UncertainReason[]} uncertain_because Empty if and only if `uncertain` is false.
 * @property {Backend} backend
 */

/**
 * A prediction as the journal stores it. Earlier versions of the desk stored neither second labels nor reasons.
 *
 * @typedef {Omit<StoredPrediction, 'secondary' | 'uncertain_because'> & Partial<Pick<StoredPrediction, 'secondary' |
 *     'uncertain_because'>>} PredictionRecord
 */

/**
 * A label that a person set.
 *
 * @typedef {object} ManualLabel
 * @property {Emotion} emotion
 * @property {string} at When, as ISO 8601.
 * @property {'review' | 'blind' | 'post' | 'import'} how In the review queue, in a blind sample (where the model's
 *     label was hidden), on the post's own view, or read from a table.
 */

/**
 * A caption that was found beside an image or in it.
 *
 * @typedef {object} FoundCaption
 * @property {string} text
 * @property {'sidecar' | 'metadata'} from
 */

/**
 * A row of the desk: one post and what is known of it.
 *
 * @typedef {object} DeskPost
 * @property {number} index Its place in the collection, from 0.
 * @property {string} id See docs/labels.md.
 * @property {string | null} image The image as folder or table names it; null where there is none.
 * @property {string | null} caption Null where there is none, or none is known yet.
 * @property {(() => Promise<File>) | null} open Gives the image's file; null where there is none. Rejects with an
 *     Error whose message says what to do.
 * @property {((image: ArrayBuffer) => Promise<FoundCaption | null>) | null} findCaption Looks for a caption in
 *     sidecar files and in the image's own bytes; called once, when the post is read. Null where the caption is
 *     known. Rejects where a sidecar file is bad.
 * @property {Record<string, string> | null} own The other columns of the table.
 * @property {'waiting' | 'done' | 'failed'} state
 * @property {string | null} error Why it could not be read, or what else was wrong with it.
 * @property {string | null} imageSha256 In hexadecimal, once the image was read.
 * @property {string | null} key What the journal knows the post by, once it was read; see `journal.js`.
 * @property {StoredPrediction | null} prediction
 * @property {ManualLabel | null} manualLabel
 * @property {boolean} repeated Whether the same image came before it in the collection; it was not classified once
 *     more.
 */

/**
 * What folder or table could not give, with the reason. Posts that fail later have their own `error`.
 *
 * @typedef {object} Problem
 * @property {string} where A path, or a table's line.
 * @property {string} reason
 */

/**
 * A person's own adjustment of the last layer, as it is stored and written to a file.
 *
 * @typedef {object} Correction
 * @property {'emofuse-correction'} format
 * @property {1} version
 * @property {string} model_sha256 The model that it belongs to.
 * @property {number} temperature What the logits are divided by.
 * @property {Record<Emotion, number>} bias What is added to them afterwards.
 * @property {number} posts How many manual labels it was fitted to.
 * @property {{ before: number, after: number }} agreement Cross-validated: the share of manual labels that the
 *     model's label agrees with.
 * @property {string} fitted When, as ISO 8601.
 */

/**
 * A post's label as it is shown: the model's, with the correction if one is in use.
 *
 * @typedef {object} PredictedLabel
 * @property {Emotion} emotion
 * @property {number} confidence
 * @property {Emotion | null} secondary Null with a correction in use: no second labels were checked for it.
 * @property {boolean} uncertain
 * @property {readonly UncertainReason[]} uncertain_because Empty if and only if `uncertain` is false.
 * @property {Float32Array} scores
 */

export {};
