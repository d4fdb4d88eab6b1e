// The English strings of the run and of what is stored.

import { counted, grouped } from '../words.js';

/** @param {number} rate_per_s */
const rate = (rate_per_s) => (rate_per_s >= 10 ? grouped(Math.round(rate_per_s)) : rate_per_s.toFixed(1));

/** @param {number} left_s */
function duration(left_s) {
    if (left_s < 10) return 'a few seconds';
    if (left_s < 90) return `${Math.round(left_s / 10) * 10} seconds`;
    if (left_s < 5400) return `${Math.round(left_s / 60)} minutes`;
    return `${(left_s / 3600).toFixed(1)} hours`;
}

/** @param {number} failed */
const failures = (failed) => (failed > 0 ? `, ${grouped(failed)} could not be analysed` : '');

/** @typedef {import('./journal.js').StorageProblem} StorageProblem */

const RETRIES = 'The desk tries again every few seconds. Keep this tab open until this message is gone.';

/** @type {Record<StorageProblem['kind'], { reason: string, remedy: string }>} */
const PROBLEMS = {
    full: { reason: 'the disk is full', remedy: `Free some space. ${RETRIES}` },
    closed: { reason: 'the browser has closed its database', remedy: RETRIES },
    failed: {
        reason: 'the browser cannot write to its database',
        remedy: `The disk may be full: free some space. ${RETRIES}`,
    },
    refused: {
        reason: 'the browser does not store data for this page',
        remedy: 'Use a window that is not private, or allow this page to store data. Until then, everything is gone when you close this tab.',
    },
    blocked: {
        reason: 'another tab has an older version of the desk open',
        remedy: 'Close or reload that tab. This one then goes on by itself.',
    },
    superseded: {
        reason: 'another tab has opened a newer version of the desk',
        remedy: 'Download a backup, then reload this tab.',
    },
};

export const texts = {
    run: {
        title: 'Analysis',
        start: 'Analyse the rest',
        pause: 'Pause',
        resume: 'Continue',
        cancel: 'Cancel',
        waiting: (/** @type {number} */ total) =>
            `${counted(total, 'post')} on the desk. The analysis starts as soon as the model is loaded.`,
        rate: (/** @type {number} */ rate_per_s) => `${rate(rate_per_s)} a second`,
        left: (/** @type {number} */ left_s) => `${duration(left_s)} left`,
        reused: (/** @type {number} */ count) => `${grouped(count)} known from before`,
        repeated: (/** @type {number} */ count) => `${grouped(count)} with a repeated image, analysed once`,
        problems: (/** @type {number} */ count) => counted(count, 'problem'),
        more: (/** @type {number} */ count) =>
            `and ${grouped(count)} more: choose “With an error” in the filters, or export the posts`,
        finished: (/** @type {number} */ posts, /** @type {number} */ failed) =>
            failed > 0
                ? `${grouped(posts - failed)} of ${counted(posts, 'post')} are analysed${failures(failed)}.`
                : `All ${counted(posts, 'post')} are analysed.`,
        place: (/** @type {number} */ done, /** @type {number} */ posts, /** @type {number} */ failed) =>
            `${grouped(done)} of ${counted(posts, 'post')}${failures(failed)}`,
        paused: (/** @type {string} */ place) => `Paused at ${place}.`,
        cancelled: (/** @type {string} */ place) => `Cancelled at ${place}. Results so far are stored.`,
        stopped: (/** @type {string} */ place) => `Stopped at ${place}. Results so far are stored.`,
        running: (/** @type {string} */ place) => `Analysing: ${place}.`,
        allAnalysed: 'All posts are analysed.',
    },
    /** The same without a model. */
    reading: {
        start: 'Read the rest',
        repeated: (/** @type {number} */ count) => `${grouped(count)} with a repeated image`,
        finished: (/** @type {number} */ posts, /** @type {number} */ failed) =>
            failed > 0
                ? `${grouped(posts - failed)} of ${counted(posts, 'post')} are ready to be labelled, ${grouped(failed)} could not be read.`
                : `All ${counted(posts, 'post')} are ready to be labelled.`,
        running: (/** @type {string} */ place) => `Reading: ${place}.`,
        allRead: 'All posts are ready to be labelled.',
    },
    stored: {
        forget: 'Delete stored data',
        sure: 'Really delete? Your labels too',
        stored: (
            /** @type {number} */ predictions,
            /** @type {number} */ labels,
            /** @type {number} */ notes,
            /** @type {number} */ models,
        ) =>
            `Stored on this device: the scores of ${counted(predictions, 'post')} and ${counted(labels, 'label')} of yours${notes > 0 ? `, ${counted(notes, 'note')}` : ''}${models > 0 ? `, ${counted(models, 'model')} that you trained` : ''}.`,
        nothing: (/** @type {string} */ problem) => `${problem}. Keep this tab open, or download a backup.`,
    },
    notSaved: {
        label: 'Storage',
        title: (/** @type {StorageProblem} */ { kind }) => `Not saved: ${PROBLEMS[kind].reason}`,
        remedy: (/** @type {StorageProblem} */ { kind, detail }) =>
            `${PROBLEMS[kind].remedy}${detail ? ` (The browser reports: ${detail})` : ''}`,
        unsaved: (/** @type {number} */ predictions, /** @type {number} */ labels) =>
            `In this tab alone: ${[
                ...(labels > 0 ? [counted(labels, 'change of yours', 'changes of yours')] : []),
                ...(predictions > 0 ? [`the scores of ${counted(predictions, 'post')}`] : []),
            ].join(' and ')}.`,
        backup: 'Download a backup',
        backupName: (/** @type {string} */ name) => `${name || 'emofuse'}-backup.jsonl`,
        retry: 'Try again now',
    },
    otherTab: 'Another tab has changed a label or a note. This tab shows it, too.',
    /** Why a post has no result, as the list and the saved files show it. */
    errors: {
        gone: 'the file cannot be read: it was changed, moved or deleted, or the browser may no longer read it; choose the folder again',
        empty: 'there is neither an image nor a caption',
        tooLarge: (/** @type {number} */ megabytes, /** @type {number} */ most) =>
            `the image has ${megabytes} megabytes, more than the ${most} allowed; make it smaller`,
        takesTooLong: 'the model takes too long with this post and was restarted; make the image smaller',
        modelFails: (/** @type {string} */ message) => `the model fails with this post: ${message}`,
    },
};
