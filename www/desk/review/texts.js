// The English strings of the review and of the blind test.

import { counted, grouped } from '../words.js';

/** Names of the figures that compare a person's labels with the model's, in the blind test and in the evaluation. */
export const figureTexts = {
    kappa: 'Cohen’s kappa',
    kappaNone: 'Not defined: you and the model used one and the same label only',
    sure: 'If the model is sure',
    sureNone: (/** @type {number} */ n) => `It is not sure of any of the ${grouped(n)}`,
    of: (/** @type {number} */ part, /** @type {number} */ all) => `${grouped(part)} of ${grouped(all)}`,
    interval: (/** @type {string} */ interval) => `95\u00a0%: ${interval}`,
    confusion: 'Who said what',
    confusionHint: 'Rows: your label. Columns: the model’s. The stronger the shade, the larger the share of the row.',
    confusionCaption: 'Your label in rows, the model’s in columns',
    yourLabel: 'Your label',
    all: 'all',
    download: 'Download as JSON',
    range: (/** @type {string} */ low, /** @type {string} */ high) => `${low} to ${high}`,
};

export const texts = {
    keys: {
        set: 'Set the label',
        second: 'second label',
        escape: 'Esc',
        space: 'Space',
        find: 'Find a label: /',
        findLabel: 'Find a label by its name or number',
        other: (/** @type {string} */ label) => `${label}: none of the labels in use`,
    },
    review: {
        title: 'Review',
        leave: 'Close',
        withSet: 'Include labelled',
        hideGuess: 'Hide the model’s guess',
        showGuess: 'Show the model’s guess',
        guessIsHidden: 'The model’s guess is hidden, so that it does not sway you.',
        accept: 'Accept',
        acceptWhat: (/** @type {string} */ emotion) => `Accept ${emotion}`,
        undo: 'Undo',
        back: 'Back',
        skip: 'Skip',
        two: 'Two labels',
        twoFirst: 'Choose the first label.',
        twoSecond: (/** @type {string} */ first) => `${first}: now choose the second label, or skip to the next post.`,
        more: 'Note and label guide',
        note: 'Note',
        guide: 'Label guide',
        guideHint: 'When to set which label. It is stored on this device and saved in the run manifest.',
        refresh: (/** @type {number} */ count) => `Refresh: ${count} new`,
        progress: (/** @type {number} */ place, /** @type {number} */ all, /** @type {number} */ set) =>
            `${place} of ${all}, ${set} labelled by you`,
        post: (/** @type {number} */ place, /** @type {number} */ all) => `Post ${place} of ${all}`,
        set: (/** @type {string} */ emotion) => `Set to ${emotion}. `,
        setSecond: (/** @type {string} */ emotion) => `Second label: ${emotion}. `,
        undone: 'Undone. ',
        where: (/** @type {number} */ place, /** @type {number} */ all, /** @type {string} */ guess) =>
            `${place} of ${all}${guess}.`,
        guess: (/** @type {string} */ emotion) => `: the model says ${emotion}`,
        notAnalysed: ': not analysed',
        end: {
            left: (/** @type {number} */ open) =>
                `That was the last one. ${open === 1 ? 'One post has' : `${open} posts have`} no label yet.`,
            goTo: (/** @type {number} */ open) => (open === 1 ? 'Go to that post' : 'Go to the first of them'),
            nothing: 'Nothing has been analysed yet.',
            nothingRead: 'The posts are still being read.',
            nothingHint: 'Posts appear here once the model has analysed them, the least certain first.',
            done: 'Everything is labelled.',
            waiting: (/** @type {number} */ count) => `${counted(count, 'post')} not analysed yet.`,
            all: (/** @type {number} */ count) => `You have labelled all ${counted(count, 'post')}.`,
            leave: 'Back to the posts',
        },
    },
    post: {
        image: 'The post’s image',
        zoom: 'Zoom',
        loading: 'Loading the image',
        cannotShow: 'The image cannot be shown',
        notAnImage: 'the browser cannot show this file; open it in another program',
    },
    replace: {
        title: 'Replace the label from your table?',
        titleMany: 'Replace labels?',
        one: (/** @type {string} */ from, /** @type {string | null} */ to) =>
            to
                ? `Your table labels this post ${from}. Replace it with ${to}?`
                : `Your table labels this post ${from}. Remove that label?`,
        many: (/** @type {number} */ labelled, /** @type {number} */ all) =>
            `${labelled === all ? 'All' : labelled} of these ${counted(all, 'post')} already ${labelled === 1 ? 'has another label' : 'have other labels'}.`,
        always: 'Don’t ask again for this table',
        keep: 'Keep',
        replaceOne: 'Replace',
        removeOne: 'Remove',
        replaceMany: (/** @type {number} */ all, /** @type {string} */ emotion) => `Label all ${all} ${emotion}`,
        others: (/** @type {number} */ count, /** @type {string} */ emotion) =>
            `Label the ${count} without a label ${emotion}`,
    },
    blind: {
        title: 'Blind test',
        leave: 'Close',
        hidden: 'The model’s label is hidden until the end.',
        finish: 'End here and show the result',
        goOn: 'Go on with this sample',
        undoLast: 'Undo the last label',
        another: 'Draw another sample',
        ended: 'The sample has ended, because other posts were put on the desk.',
        skipped: 'Skipped. ',
        shown: 'The result is shown.',
        where: (/** @type {number} */ place, /** @type {number} */ all) => `${place} of ${all}.`,
        none: 'No post of this sample has a label yet.',
        result: (/** @type {number} */ count) => `You set ${counted(count, 'label')} without seeing the model’s.`,
        progress: (/** @type {string} */ where, /** @type {number} */ set, /** @type {number} */ passed) =>
            `${where}${set} set${passed > 0 ? `, ${passed} skipped` : ''}`,
        place: (/** @type {number} */ place, /** @type {number} */ all) => `${place} of ${all}, `,
    },
    sample: {
        intro: 'Posts are drawn at random, and you label them without seeing the model’s labels. Then you see how often you and the model agree. The review cannot show this, because it begins with the uncertain posts.',
        count: 'How many posts',
        countHint: (/** @type {number} */ least, /** @type {number} */ most) =>
            `From ${grouped(least)} to all ${grouped(most)} that have been analysed.`,
        seed: 'Seed',
        seedHint: 'The same seed draws the same posts again.',
        draw: 'Draw the sample',
        wrong: (/** @type {number} */ least, /** @type {number} */ most) =>
            `Enter a whole number from ${least} to ${most}.`,
        nothing: 'Nothing has been analysed yet.',
        tooFew: (/** @type {number} */ least, /** @type {number} */ posts) =>
            `A sample has at least ${grouped(least)} posts. ${counted(posts, 'post has', 'posts have')} been analysed so far.`,
        replaces: (/** @type {number} */ labelled) =>
            `You have already labelled ${counted(labelled, 'post')}. These labels are hidden too. If such a post is drawn, your new label replaces the old one; Undo restores it.`,
    },
    agreement: {
        agreement: 'Agreement',
        coverage: 'It is sure of',
        meaning: 'What the figures mean',
        notes: {
            agreement: (/** @type {string} */ interval) =>
                `Agreement is how often you and the model set the same label. For all posts together it is probably ${interval} (95\u00a0% interval).`,
            kappa: 'Kappa corrects for chance: 0 is no better than chance, 1 is full agreement.',
            nobody: 'Neither figure shows who is right. Two people who label the same posts do not always agree either.',
            few: (/** @type {number} */ labels) =>
                `${counted(labels, 'label')} are few, so the intervals are wide. A larger sample makes them narrower.`,
            unlabelled: (/** @type {number} */ drawn, /** @type {string} */ unlabelled) =>
                `${grouped(drawn)} drawn, ${unlabelled}. If you skip difficult posts, the figures are too high.`,
            skipped: (/** @type {number} */ count) => `${grouped(count)} skipped`,
            notReached: (/** @type {number} */ count) => `${grouped(count)} not reached`,
            corrected:
                'Your correction is in use. If it was fitted to labels of these posts, the figures are too high.',
            seed: (/** @type {number} */ seed) =>
                `Seed ${seed} draws the same posts again, as long as no other posts have been analysed.`,
        },
    },
};
