// The types that the desk's parts share. There is no code here.

/** @typedef {import('../emofuse.js').Backend} Backend */
/** @typedef {string} Emotion The name of a label. */
/** @typedef {import('../emofuse.js').ModelName} ModelName */
/** @typedef {import('../emofuse.js').UncertainReason} UncertainReason */

/**
 * The model's prediction for a post. It is stored for thousands of posts and in the journal, so it is compact:
 * numbers in the order of the model's labels instead of objects.
 *
 * @typedef {object} StoredPrediction
 * @property {Float32Array} scores The scores of image and caption together.
 * @property {Float32Array | null} image The scores of the image alone.
 * @property {Float32Array | null} caption The scores of the caption alone.
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
 * @property {Emotion | null} [secondary] A second label, if the person set one.
 * @property {string} at When, as ISO 8601.
 * @property {'review' | 'blind' | 'post' | 'bulk' | 'import' | 'page'} how In the review queue, in a blind sample (where
 *     the model's label was hidden), on the post's own view, for many posts at once, read from a table, or on the page.
 */

/**
 * The person's settings for the desk.
 *
 * @typedef {object} Settings
 * @property {string} guide The label guide: when to set which label.
 * @property {boolean} hidesGuess Whether the review shows the model's guess on request only.
 * @property {import('./labels/own-labels.js').OwnLabels} [ownLabels] The person's own labels.
 */

/**
 * A caption that was found beside an image or in it.
 *
 * @typedef {object} FoundCaption
 * @property {string} text
 * @property {'sidecar' | 'metadata'} from
 */

/**
 * A post on the desk.
 *
 * @typedef {object} DeskPost
 * @property {number} index Its place in the collection, from 0.
 * @property {string} id See docs/labels.md.
 * @property {string | null} image The image's name in the folder or table; null if there is none.
 * @property {string | null} caption Null if there is none, or if it is not known yet.
 * @property {(() => Promise<File>) | null} open Opens the image's file; null if there is none. Rejects with an
 *     Error whose message says what to do.
 * @property {((image: ArrayBuffer) => Promise<FoundCaption | null>) | null} findCaption Finds the caption in sidecar
 *     files and in the image's metadata; called once, when the post is analysed. Null if the caption is known. Rejects
 *     if a sidecar file is invalid.
 * @property {Record<string, string> | null} own The other columns of the table.
 * @property {'waiting' | 'done' | 'failed'} state
 * @property {string | null} error Why it could not be analysed, or another problem.
 * @property {string | null} imageSha256 In hexadecimal, after the image was read.
 * @property {string | null} key The post's key in the journal, after it was read; see `hash.js`.
 * @property {StoredPrediction | null} prediction
 * @property {ManualLabel | null} manualLabel
 * @property {Emotion | null} [tableLabel] The label from the table. It stays, whatever label is set later.
 * @property {string | null} [note] The person's note on the post.
 * @property {boolean} repeated Whether the same image came before it in the collection.
 */

/**
 * A file or row that could not be read, with the reason. Posts that fail later have their own `error`.
 *
 * @typedef {object} Problem
 * @property {string} where A path, or a table's line.
 * @property {string} reason
 */

/**
 * The person's adjustment of the last layer, as it is stored and saved to a file.
 *
 * @typedef {object} Correction
 * @property {'emofuse-correction'} format
 * @property {1} version
 * @property {string} model_sha256 The model that it belongs to.
 * @property {number} temperature The divisor of the logits.
 * @property {Record<Emotion, number>} bias Added to the logits afterwards.
 * @property {number} posts The number of manual labels it was fitted to.
 * @property {{ before: number, after: number }} agreement Cross-validated: the share of manual labels that the
 *     model's label agrees with.
 * @property {string} fitted When, as ISO 8601.
 */

/**
 * The model's label for a post, with the correction if one is in use.
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
