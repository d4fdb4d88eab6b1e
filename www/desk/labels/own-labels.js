// Labels of a person's own: how they are written, which ready-made sets there are, and which project uses which.

import { LabelSet, PLUTCHIK } from '../../shared/labels.js';
import { texts } from './texts.js';

/** @typedef {import('../../emofuse.js').Label} Label */

/**
 * Posts that are labelled with labels of one's own. Its scope stays when its labels change, so that no label of a post is lost.
 *
 * @typedef {object} Project
 * @property {string} id
 * @property {string} scope The beginning of the journal's keys of its labels and notes.
 * @property {readonly Label[]} labels
 * @property {string | null} none The label of posts to which no other applies.
 */

/** @typedef {Pick<Project, 'labels' | 'none'>} Given */

/**
 * As the journal stores them.
 *
 * @typedef {object} OwnLabels
 * @property {readonly Project[]} projects The one that was used last comes first.
 * @property {Record<string, string>} collections The ids of projects by the names of collections.
 */

export const FEWEST = 2;
export const MOST = 64;
const MOST_CHARACTERS = 64;

const BULLET = /^(?:[-*•–]\s+|\d{1,3}[.)]\s+)/u;
const COLOUR = /^(.*\S)\s+(#[0-9a-f]{6})$/iu;

/** Names that people know, by the sets' names. @type {Record<'plutchik' | 'ekman' | 'mikels' | 'sentiment', Given>} */
export const READY_MADE = {
    plutchik: { labels: PLUTCHIK.map((name) => ({ name })), none: 'neutral' },
    ekman: {
        labels: ['anger', 'disgust', 'fear', 'joy', 'sadness', 'surprise', 'neutral'].map((name) => ({ name })),
        none: 'neutral',
    },
    mikels: {
        labels: [
            { name: 'amusement', colour: '#d99a00' },
            { name: 'anger', colour: '#e0403a' },
            { name: 'awe', colour: '#1d9ec4' },
            { name: 'contentment', colour: '#5fa02a' },
            { name: 'disgust', colour: '#a24fc4' },
            { name: 'excitement', colour: '#e5741a' },
            { name: 'fear', colour: '#1f9254' },
            { name: 'sadness', colour: '#3b6fd4' },
        ],
        none: null,
    },
    sentiment: {
        labels: [
            { name: 'positive', colour: '#3f9b46' },
            { name: 'neutral', colour: '#8b8f98' },
            { name: 'negative', colour: '#d0453c' },
        ],
        none: null,
    },
};

/**
 * Reads labels, one a line. A line that ends with a colon begins a group, and a colour may follow a name. A single line is split at
 * commas; bullets and numbers of lists are left out, and so is what follows a tab.
 *
 * @param {string} text
 * @returns {{ labels: Label[], mistakes: string[] }} Sentences that say what is wrong.
 */
export function parseLabels(text) {
    const lines = text.split(/\r\n|[\r\n]/).filter((line) => line.trim() !== '');
    const items =
        lines.length === 1 ? (lines[0] ?? '').split(/[,;\t]/) : lines.map((line) => line.split('\t')[0] ?? '');
    /** @type {Label[]} */
    const labels = [];
    const mistakes = new Set();
    let group = '';
    for (const item of items) {
        const line = item.trim().replace(BULLET, '').trim().normalize('NFC');
        if (line === '') continue;
        if (line.endsWith(':') && lines.length > 1) {
            group = line.slice(0, -1).trim();
            continue;
        }
        const [, before, colour] = COLOUR.exec(line) ?? [];
        const name = before ?? line;
        if (/\p{Cc}/u.test(name)) mistakes.add(texts.mistakes.control);
        else if ([...name].length > MOST_CHARACTERS)
            mistakes.add(texts.mistakes.long(name.slice(0, 20), MOST_CHARACTERS));
        else if (labels.some((label) => isSame(label.name, name))) mistakes.add(texts.mistakes.twice(name));
        else labels.push({ name, ...(colour && { colour: colour.toLowerCase() }), ...(group && { group }) });
    }
    if (labels.length < FEWEST) mistakes.add(texts.mistakes.few);
    if (labels.length > MOST) mistakes.add(texts.mistakes.many(labels.length, MOST));
    return { labels, mistakes: [...mistakes] };
}

/**
 * @param {readonly Label[]} labels
 * @returns {string} As `parseLabels` reads them.
 */
export function formatLabels(labels) {
    let before = '';
    return labels
        .flatMap(({ name, colour, group = '' }) => {
            const heading = group === before ? [] : [`${group}:`];
            before = group;
            return [...heading, colour ? `${name} ${colour}` : name];
        })
        .join('\n');
}

/**
 * Whether a label stands for another one that is written differently, as in tables.
 *
 * @param {string} one
 * @param {string} other
 */
const isSame = (one, other) => plain(one) === plain(other);

/** @param {string} name */
const plain = (name) => name.trim().normalize('NFC').toLowerCase();

/**
 * The one of some labels that a text stands for.
 *
 * @param {string} text
 * @param {readonly string[]} names
 * @returns {string | null}
 */
export const labelFor = (text, names) =>
    names.find((name) => name === text.trim()) ?? names.find((name) => isSame(name, text)) ?? null;

/** @param {Project} project */
export const labelsOfProject = ({ labels, none }) => new LabelSet(labels, none);

/** @param {readonly string[]} names */
const isOfPlutchik = (names) => names.every((name) => PLUTCHIK.includes(name));

/**
 * The beginning of the journal's keys of labels and notes with a model: that of the project that it was trained from, if there is
 * one.
 *
 * @param {OwnLabels | undefined} own
 * @param {readonly string[]} names The model's labels.
 */
export function scopeOfModel(own, names) {
    if (isOfPlutchik(names) && names.length === PLUTCHIK.length) return '';
    const includes = (/** @type {Project} */ { labels }) =>
        names.every((name) => labels.some((label) => label.name === name));
    return own?.projects.find(includes)?.scope ?? '';
}

/**
 * @param {OwnLabels | undefined} own
 * @param {string | null} [collection] A collection's name: its project is meant.
 * @returns {Project | null} The project of the collection, or else the last one.
 */
export function projectOf(own, collection = null) {
    const id = collection === null ? undefined : own?.collections[collection];
    return own?.projects.find((project) => project.id === id) ?? own?.projects[0] ?? null;
}

/**
 * Adds a project, or changes the labels of one.
 *
 * @param {OwnLabels | undefined} own
 * @param {Project} project It is the last one from now on.
 * @returns {OwnLabels}
 */
export const withProject = (own, project) => ({
    projects: [project, ...(own?.projects ?? []).filter(({ id }) => id !== project.id)],
    collections: own?.collections ?? {},
});

/**
 * @param {OwnLabels} own
 * @param {string} collection
 * @param {string} id Of the project that the collection is labelled in.
 * @returns {OwnLabels}
 */
export const withCollection = (own, collection, id) => ({
    ...own,
    collections: { ...own.collections, [collection]: id },
});

/**
 * The project that labels belong to: one that has the same; the current one if it keeps some of its own; or a new one.
 *
 * @param {OwnLabels | undefined} own
 * @param {Given} given
 * @param {Project | null} current
 * @returns {Project}
 */
export function projectFor(own, { labels, none }, current) {
    const names = (/** @type {readonly Label[]} */ of) => JSON.stringify(of.map(({ name }) => name).sort());
    const known = own?.projects.find((project) => names(project.labels) === names(labels));
    const keeps = current?.labels.some(({ name }) => labels.some((label) => label.name === name));
    const meant = known ?? (keeps ? current : null);
    if (meant) return { ...meant, labels, none };
    const id = `own-${crypto.randomUUID().slice(0, 8)}`;
    // Labels that are Plutchik's are kept where those of the default model are.
    return { id, scope: isOfPlutchik(labels.map(({ name }) => name)) ? '' : `${id} `, labels, none };
}
