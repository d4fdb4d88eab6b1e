// The run manifest, for publishing or repeating a run.

import { labelsInUse } from '../../shared/labels.js';
import { UNCERTAIN_REASONS } from '../labelling/prediction.js';
import { TimeSlice } from '../time-slice.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {import('../types.js').UncertainReason} UncertainReason */

export const MANIFEST_FORMAT = 'emofuse-run';
export const MANIFEST_VERSION = 1;

/**
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>} JSON.
 */
export async function toManifest(posts, context, { signal } = {}) {
    const slice = new TimeSlice(signal);
    const { names, none } = labelsInUse();
    /** @returns {Record<Emotion, number>} */
    const zero = () => Object.fromEntries(names.map((label) => [label, 0]));
    const uncertain_because = /** @type {Record<UncertainReason, number>} */ (
        Object.fromEntries(UNCERTAIN_REASONS.map((reason) => [reason, 0]))
    );
    const counts = {
        ...{
            posts: posts.length,
            read: 0,
            failed: 0,
            waiting: 0,
            repeated: 0,
            secondary: 0,
            uncertain: 0,
            uncertain_because,
            by_hand: 0,
            by_hand_secondary: 0,
            notes: 0,
        },
        ...{ by_emotion: zero(), by_hand_emotion: zero() },
    };
    const backends = new Set();
    for (const post of posts) {
        if (slice.isOver) await slice.yieldToEventLoop();
        counts[post.state === 'done' ? 'read' : post.state] += 1;
        if (post.repeated) counts.repeated += 1;
        if (post.prediction) backends.add(post.prediction.backend);
        const predicted = context.predictedLabel(post);
        if (predicted) addOne(counts.by_emotion, predicted.emotion);
        if (predicted?.secondary) counts.secondary += 1;
        if (predicted?.uncertain) counts.uncertain += 1;
        for (const reason of predicted?.uncertain_because ?? []) uncertain_because[reason] += 1;
        if (post.manualLabel) addOne(counts.by_hand_emotion, post.manualLabel.emotion);
        if (post.manualLabel) counts.by_hand += 1;
        if (post.manualLabel?.secondary) counts.by_hand_secondary += 1;
        if (post.note) counts.notes += 1;
    }
    const { description } = context;
    const manifest = {
        format: MANIFEST_FORMAT,
        version: MANIFEST_VERSION,
        date: new Date().toISOString(),
        source: context.name,
        labels: names,
        none,
        model: description ? { id: description.model.id, sha256: description.model.sha256 } : null,
        backend: description?.backend ?? null,
        backends_used: [...backends].sort(),
        adapter: description?.adapter ?? null,
        uncertain_below: description?.uncertain_below ?? null,
        limits: description?.limits ?? null,
        correction: context.correction,
        label_guide: context.settings?.guide.trim() || null,
        browser: browser(),
        counts,
    };
    return new Blob([`${JSON.stringify(manifest, null, 2)}\n`], { type: 'application/json' });
}

/**
 * @param {Record<Emotion, number>} counts
 * @param {Emotion} label
 */
function addOne(counts, label) {
    counts[label] = (counts[label] ?? 0) + 1;
}

function browser() {
    const { userAgentData } =
        /** @type {{ userAgentData?: { brands: { brand: string, version: string }[], platform: string } }} */ (
            /** @type {unknown} */ (navigator)
        );
    const brands = userAgentData?.brands.map(({ brand, version }) => ({ brand, version })) ?? null;
    return { user_agent: navigator.userAgent, brands, platform: userAgentData?.platform ?? null };
}
