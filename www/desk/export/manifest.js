// What was run, for those who publish or repeat it.

import { EMOTIONS } from '../../emofuse.js';
import { UNCERTAIN_REASONS } from '../labelling/prediction.js';
import { Turn } from '../turn.js';

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
    const turn = new Turn(signal);
    const zero = () =>
        /** @type {Record<Emotion, number>} */ (Object.fromEntries(EMOTIONS.map((emotion) => [emotion, 0])));
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
        },
        ...{ by_emotion: zero(), by_hand_emotion: zero() },
    };
    const backends = new Set();
    for (const post of posts) {
        if (turn.isOver) await turn.end();
        counts[post.state === 'done' ? 'read' : post.state] += 1;
        if (post.repeated) counts.repeated += 1;
        if (post.judgement) backends.add(post.judgement.backend);
        const reading = context.read(post);
        if (reading) counts.by_emotion[reading.emotion] += 1;
        if (reading?.secondary) counts.secondary += 1;
        if (reading?.uncertain) counts.uncertain += 1;
        for (const reason of reading?.uncertain_because ?? []) uncertain_because[reason] += 1;
        if (post.hand) counts.by_hand_emotion[post.hand.emotion] += 1;
        if (post.hand) counts.by_hand += 1;
    }
    const { description } = context;
    const manifest = {
        format: MANIFEST_FORMAT,
        version: MANIFEST_VERSION,
        date: new Date().toISOString(),
        source: context.name,
        model: description ? { id: description.model.id, sha256: description.model.sha256 } : null,
        backend: description?.backend ?? null,
        backends_used: [...backends].sort(),
        adapter: description?.adapter ?? null,
        uncertain_below: description?.uncertain_below ?? null,
        limits: description?.limits ?? null,
        correction: context.correction,
        browser: browser(),
        counts,
    };
    return new Blob([`${JSON.stringify(manifest, null, 2)}\n`], { type: 'application/json' });
}

function browser() {
    const { userAgentData } =
        /** @type {{ userAgentData?: { brands: { brand: string, version: string }[], platform: string } }} */ (
            /** @type {unknown} */ (navigator)
        );
    const brands = userAgentData?.brands.map(({ brand, version }) => ({ brand, version })) ?? null;
    return { user_agent: navigator.userAgent, brands, platform: userAgentData?.platform ?? null };
}
