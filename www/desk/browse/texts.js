// The English strings of the list of posts.

import { counted, grouped } from '../words.js';

/** @typedef {import('./filter.js').Filter} Filter */

export const texts = {
    list: {
        label: 'The posts',
        none: 'No post matches. Choose “Show all” to see them all.',
        table: 'Table',
        tiles: 'Tiles',
        view: 'Show the posts as',
        size: 'Size of the tiles',
        heads: ['Post', 'Caption', 'Label', 'Score', 'Image', 'Caption', 'Disagreement'],
        select: 'Select',
    },
    label: {
        waiting: 'Waiting',
        none: 'No label',
        failed: 'Not analysed',
        byYou: 'labelled by you',
        byYouNot: (/** @type {string} */ emotion) => `labelled by you, not ${emotion}`,
        also: (/** @type {string} */ emotion) => `and ${emotion}, labelled by you`,
        notSure: 'not sure',
        perhaps: (/** @type {string} */ emotion) => `perhaps ${emotion}`,
    },
    filters: {
        title: 'Filter and sort',
        form: 'Which posts are shown',
        find: 'Find',
        findHint: 'name or caption',
        order: 'Order',
        emotions: 'Label',
        other: (/** @type {string} */ label) => `${label}: none of the labels in use`,
        show: 'Show only',
        score: 'Score, %',
        to: 'to',
        scoreTo: 'Score to, per cent',
        showAll: 'Show all',
        count: (/** @type {number} */ shown, /** @type {number} */ all) =>
            shown === all ? counted(all, 'post') : `${grouped(shown)} of ${grouped(all)} posts`,
        /** @type {[string, string][]} Sort key and direction, and their words. */
        orders: [
            ['place up', 'Original order'],
            ['confidence up', 'Least certain first'],
            ['confidence down', 'Most certain first'],
            ['disagreement down', 'Strongest disagreement first'],
            ['emotion up', 'By label'],
            ['name up', 'By name'],
            ['name down', 'By name, backwards'],
        ],
        /** @type {[keyof Pick<Filter, 'unsure' | 'disagreeing' | 'strongly' | 'isManual' | 'noted' | 'failed'>, string][]} */
        switches: [
            ['unsure', 'Not sure'],
            ['disagreeing', 'Image and caption disagree'],
            ['strongly', 'Strong disagreement'],
            ['isManual', 'Labelled by you'],
            ['noted', 'With a note'],
            ['failed', 'With an error'],
        ],
    },
    selection: {
        title: 'Selected posts',
        count: (/** @type {number} */ count) => `${grouped(count)} selected`,
        all: (/** @type {number} */ count) => `Select all ${grouped(count)}`,
        remove: 'Remove labels',
        undo: 'Undo',
        clear: 'Clear selection',
        set: (/** @type {number} */ count, /** @type {string} */ emotion) =>
            `${counted(count, 'post')} labelled ${emotion}.`,
        removed: (/** @type {number} */ count) => `Labels of ${counted(count, 'post')} removed.`,
        undone: 'Undone.',
        hint: 'Ctrl or Shift with a click selects posts; X selects the one in focus.',
    },
    similar: {
        group: 'Group similar images',
        comparing: (/** @type {number} */ done, /** @type {number} */ all) =>
            `Comparing: ${grouped(done)} of ${grouped(all)} · Stop`,
        found: (/** @type {number} */ groups) =>
            groups === 0 ? 'No similar images · Ungroup' : `${counted(groups, 'group')} · Ungroup`,
        others: (/** @type {number} */ count) => `and ${grouped(count)} similar`,
    },
    grades: { none: '–', slight: 'slight', clear: 'clear', strong: 'strong' },
    dialog: {
        previous: 'Previous',
        next: 'Next',
        close: 'Close',
        result: 'What it conveys',
        label: 'Your label',
        waiting: 'Analysing the post …',
        failed: 'it could not be analysed',
        set: 'Set your label:',
        isSet: (/** @type {string} */ emotion) => `Labelled by you: ${emotion}. Choose it again to remove the label.`,
        place: (/** @type {number} */ place, /** @type {number} */ all) => `${grouped(place)} of ${grouped(all)}`,
        own: (/** @type {number} */ count) => `${counted(count, 'other column')} of the table`,
    },
    prediction: {
        says: 'The model says',
        notSure: 'Not sure, perhaps',
        perhapsAlso: 'Perhaps also',
        orElse: 'Or else',
        image: 'The image alone',
        caption: 'The caption alone',
        corrected: 'With your correction.',
        how: {
            review: 'labelled by you in the review',
            blind: 'labelled by you in a blind test',
            post: 'labelled by you beside the post',
            bulk: 'labelled by you, together with others',
            import: 'labelled by you, in a table',
            page: 'labelled by you on the page',
        },
    },
};
