// Which posts a training learns from, and what is missing for one.

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** With fewer posts, cross-validation says little. */
export const FEWEST_POSTS = 40;

/** With fewer posts of a label, some folds would hardly have it. */
export const FEWEST_OF_LABEL = 10;

/** As many as a model file may have. */
export const MOST_LABELS = 64;

/** @typedef {{ name: string, posts: number }} LabelCount */

/**
 * @typedef {object} Selection
 * @property {DeskPost[]} posts Each content once.
 * @property {LabelCount[]} labels Those that are learnt, in the order of the scores.
 * @property {LabelCount[]} left Those that are left out, the most frequent first.
 * @property {'posts' | 'labels' | null} missing Why nothing can be learnt: too few posts, or fewer than two labels.
 */

/**
 * The label that a person gave a post.
 *
 * @param {DeskPost} post
 * @returns {string | null}
 */
export const labelOf = (post) => post.manualLabel?.emotion ?? null;

/** @param {DeskPost} post */
export const keyOf = (post) => post.key ?? `post-${post.index}`;

/**
 * @param {readonly DeskPost[]} posts
 * @param {readonly string[]} known The labels of the model in use: those that are learnt come first, in this order.
 * @returns {Selection}
 */
export function selectPosts(posts, known) {
    /** @type {Map<string, DeskPost>} */
    const byContent = new Map();
    for (const post of posts)
        if (labelOf(post) !== null && !byContent.has(keyOf(post))) byContent.set(keyOf(post), post);
    const labelled = [...byContent.values()];
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const post of labelled) {
        const label = labelOf(post) ?? '';
        counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    const sorted = [...counts]
        .map(([name, count]) => ({ name, posts: count }))
        .sort((a, b) => b.posts - a.posts || (a.name < b.name ? -1 : 1));
    const enough = sorted.filter((label) => label.posts >= FEWEST_OF_LABEL).slice(0, MOST_LABELS);
    const names = new Set(enough.map(({ name }) => name));
    const used = labelled.filter((post) => names.has(labelOf(post) ?? ''));
    return {
        posts: used,
        labels: [
            ...known.flatMap((name) => enough.find((label) => label.name === name) ?? []),
            ...enough.filter(({ name }) => !known.includes(name)),
        ],
        left: sorted.filter(({ name }) => !names.has(name)),
        missing: enough.length < 2 ? 'labels' : used.length < FEWEST_POSTS ? 'posts' : null,
    };
}

/**
 * The label that the model in use would give, of those that are learnt too.
 *
 * @param {DeskPost} post
 * @param {readonly string[]} known The model's labels, in the order of its scores.
 * @param {readonly string[]} learnt
 * @returns {string | null} Null if it does not know the post's label, or knows no other that is learnt.
 */
export function labelBefore(post, known, learnt) {
    const { prediction } = post;
    const shared = known.filter((name) => learnt.includes(name));
    if (!prediction || shared.length < 2 || !shared.includes(labelOf(post) ?? '')) return null;
    const score = (/** @type {string} */ name) => prediction.scores[known.indexOf(name)] ?? 0;
    return shared.reduce((best, name) => (score(name) > score(best) ? name : best));
}

/**
 * What posts have in common that must stay together in cross-validation.
 *
 * @param {DeskPost} post
 * @returns {string[]}
 */
export function alikeOf({ imageSha256, caption }) {
    const words = caption?.trim().toLowerCase().replaceAll(/\s+/g, ' ');
    return [...(imageSha256 ? [`image:${imageSha256}`] : []), ...(words ? [`caption:${words}`] : [])];
}
