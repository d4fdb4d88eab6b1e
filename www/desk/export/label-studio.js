// Tasks for Label Studio, with the model's labels as predictions and the manual labels as annotations.

import { labelsInUse } from '../../shared/labels.js';
import { keysOf } from '../review/keys.js';
import { TimeSlice } from '../time-slice.js';
import { columnsOf, joined, nameOf, rounded, writeParts } from './rows.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */

/** @typedef {import('../intake/columns.js').OutputColumns} Columns */

/** The names that tasks and configuration share. */
const CONTROL = 'emotion';
const CAPTION = 'caption';
const IMAGE = 'image';

/** The number of digits of the model's hash in its version. */
const HASH_DIGITS = 12;

/**
 * Whether posts have captions, images or both, which decides what Label Studio shows.
 *
 * @typedef {'caption' | 'image' | 'both'} Shown
 */

/**
 * @param {DeskPost[]} posts
 * @param {TimeSlice} slice
 * @returns {Promise<Shown>}
 */
async function shownOf(posts, slice) {
    let [captions, images] = [false, false];
    for (const { caption, image } of posts) {
        if (slice.isOver) await slice.yieldToEventLoop();
        captions ||= caption !== null;
        images ||= image !== null;
        if (captions && images) return 'both';
    }
    return captions ? 'caption' : 'image';
}

/**
 * A JSON array of tasks.
 *
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toLabelStudio(posts, context, { onProgress, signal } = {}) {
    const slice = new TimeSlice(signal);
    const columns = await columnsOf(posts, context, slice);
    const shown = await shownOf(posts, slice);
    const write = (/** @type {DeskPost[]} */ some, /** @type {number} */ first) =>
        some
            .map(
                (post, index) =>
                    `${first + index === 0 ? '' : ',\n'}${JSON.stringify(taskOf(post, columns, shown, context))}`,
            )
            .join('');
    return writeParts('application/json', posts, write, { head: '[\n', foot: '\n]\n', slice, onProgress });
}

/**
 * @param {DeskPost} post
 * @param {Columns} columns
 * @param {Shown} shown
 * @param {import('./rows.js').Context} context
 */
function taskOf(post, columns, shown, context) {
    const predicted = context.predictedLabel(post);
    const model = context.description?.model;
    const data = {
        id: post.id,
        // Each task must have the fields that the configuration refers to.
        ...(shown !== 'image' || post.caption !== null ? { caption: post.caption ?? '' } : {}),
        ...(shown !== 'caption' || post.image !== null ? { image: post.image ?? '' } : {}),
        ...(post.imageSha256 === null ? {} : { image_sha256: post.imageSha256 }),
        ...(predicted?.secondary ? { secondary: predicted.secondary } : {}),
        ...(predicted ? { uncertain: predicted.uncertain } : {}),
        ...(predicted?.uncertain ? { uncertain_because: joined(predicted.uncertain_because) } : {}),
        ...(post.manualLabel?.secondary ? { hand_secondary: post.manualLabel.secondary } : {}),
        ...(post.note ? { hand_note: post.note } : {}),
        ...(post.error === null ? {} : { error: post.error }),
    };
    const named = Object.entries(data).map(([column, value]) => [nameOf(columns, column), value]);
    const others = columns.extra.flatMap((column) =>
        post.own?.[column] === undefined ? [] : [[column, post.own[column]]],
    );
    const to = shown === 'image' ? IMAGE : CAPTION;
    const predictions =
        predicted && model
            ? [
                  {
                      model_version: versionOf(model, context.correction !== null),
                      score: rounded(predicted.confidence),
                      result: [choiceOf('machine', to, predicted.emotion)],
                  },
              ]
            : [];
    const annotations = post.manualLabel ? [{ result: [choiceOf('hand', to, post.manualLabel.emotion)] }] : [];
    return { data: Object.fromEntries([...others, ...named]), predictions, annotations };
}

/**
 * @param {import('../../emofuse.js').ModelName} model
 * @param {boolean} isCorrected
 */
const versionOf = ({ id, sha256 }, isCorrected) =>
    `${id} ${sha256.slice(0, HASH_DIGITS)}${isCorrected ? ' corrected' : ''}`;

/**
 * @param {string} id
 * @param {string} to
 * @param {Emotion} emotion
 */
const choiceOf = (id, to, emotion) => ({
    id,
    from_name: CONTROL,
    to_name: to,
    type: 'choices',
    value: { choices: [emotion] },
});

/**
 * The labelling configuration that fits the tasks.
 *
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toLabelStudioConfig(posts, context, { signal } = {}) {
    const slice = new TimeSlice(signal);
    const shown = await shownOf(posts, slice);
    const columns = await columnsOf(posts, context, slice);
    const labels = labelsInUse();
    const others = new Set(posts.flatMap(({ manualLabel }) => manualLabel?.emotion ?? []));
    for (const name of labels.names) others.delete(name);
    const lines = [
        '<View>',
        ...(shown === 'caption' ? [] : [`  <Image name="${IMAGE}" value="$${nameOf(columns, 'image')}"/>`]),
        ...(shown === 'image' ? [] : [`  <Text name="${CAPTION}" value="$${nameOf(columns, 'caption')}"/>`]),
        `  <Header value="${labels.isPlutchik ? texts.question : texts.questionOfOthers}"/>`,
        `  <Choices name="${CONTROL}" toName="${shown === 'image' ? IMAGE : CAPTION}" choice="single" showInLine="true">`,
        // The same keys as in the desk's review.
        ...labels.names.map(choice),
        // They are labels of posts, so that the tasks need them.
        ...[...others].map(choice),
        '  </Choices>',
        '</View>',
    ];
    return new Blob([`${lines.join('\n')}\n`], { type: 'application/xml' });
}

/** @param {Emotion} label */
function choice(label) {
    const [key] = keysOf().get(label) ?? [];
    return `    <Choice value="${escaped(label)}"${key === undefined ? '' : ` hotkey="${key}"`}/>`;
}

/** @param {string} text For an attribute. */
const escaped = (text) =>
    text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
