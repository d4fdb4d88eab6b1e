// The English strings of how posts are added to the desk.

import { counted, grouped } from '../words.js';

export const texts = {
    last: {
        label: 'Last session',
        title: 'Continue where you left off',
        go: 'Continue',
        forget: 'Discard',
        looking: 'Looking through it …',
        cannotOpen: 'It cannot be opened',
        noTable: (/** @type {string} */ path) => `The table “${path}” is no longer there. Select it again.`,
        reached: (/** @type {string} */ name, /** @type {number} */ done, /** @type {number} */ posts) =>
            done === posts
                ? `“${name}”: all ${grouped(posts)} posts are analysed`
                : `“${name}”: ${grouped(done)} of ${grouped(posts)} posts are analysed`,
        ownLabels: (/** @type {string} */ name, /** @type {number} */ posts) =>
            `“${name}”: ${counted(posts, 'post')} with your own labels`,
        labelled: (/** @type {number} */ count) => `, ${grouped(count)} labelled by you`,
        again: ' Select the same source again to restore scores and your labels.',
    },
    samples: {
        name: 'Sample posts',
        button: (/** @type {number} */ count) => `Try with ${count} sample posts`,
        cannotLoad: (/** @type {string} */ file) =>
            `The sample “${file}” could not be loaded. Check the connection and try again.`,
    },
    source: {
        title: 'What do you want to label?',
        lead: 'Drop a folder, images or a table here',
        folder: 'Choose a folder',
        files: 'Choose files',
        table: 'Choose a table',
        hint: 'Your files stay on this device and are not changed, even if the browser’s dialog says “upload”.',
        cancel: 'Cancel',
        progress: 'Progress',
        dropped: 'what was dropped',
        theFolder: 'the folder',
        looking: (/** @type {string} */ what) => `Looking through ${what} …`,
        soFar: (/** @type {number} */ count) => `${counted(count, 'file')} so far`,
        reading: (/** @type {string} */ path) => `Reading “${path}” …`,
        cannot: 'This cannot be labelled',
        quoted: (/** @type {string} */ name) => `“${name}”`,
        /** @type {[string, string][]} */
        kinds: [
            [
                'A folder',
                'All images in it and in its subfolders. Captions come from text files of the same name, or from the images’ metadata.',
            ],
            ['Files', 'Images, with their text files if there are any.'],
            [
                'A table',
                'CSV, TSV or JSON Lines with a row for each post: its caption, its image’s name, or both. A table saved here restores your labels.',
            ],
        ],
        noFiles: (/** @type {string} */ name, /** @type {boolean} */ hasSheet) =>
            `There are no files in ${name ? `“${name}”` : 'it'}. ${instead(hasSheet)}`,
        nothing: (/** @type {string} */ name, /** @type {number} */ files, /** @type {boolean} */ hasSheet) =>
            files === 1
                ? `The file is neither an image nor a table. ${instead(hasSheet)}`
                : `None of the ${grouped(files)} files of “${name}” is an image or a table. ${instead(hasSheet)}`,
    },
    listing: {
        files: (/** @type {number} */ count) => counted(count, 'file'),
        andMore: (/** @type {string} */ first, /** @type {number} */ others) => `${first} and ${grouped(others)} more`,
        notAllowed: 'The browser may not read it. Select it again, and allow access.',
        folderFailed: (/** @type {string} */ why) => `Part of this folder could not be read: ${why}`,
        fileFailed: (/** @type {string} */ path, /** @type {string} */ why) => `“${path}” could not be opened: ${why}`,
        gone: 'it is no longer there. Select the folder again.',
        noPermission: 'the browser may no longer read it. Select the folder again.',
        refused: 'the system does not allow it. Check whether you can open it yourself.',
        other: (/** @type {string} */ message) => `${message} Select the folder again.`,
        sidecarFailed: (/** @type {string} */ path) =>
            `The caption in ${path} could not be read. Select the folder again.`,
    },
    question: {
        back: 'Back',
        go: 'Continue',
        tables: 'There are several tables. Which one do you want to label?',
        imagesAndTable: 'There are images and a table. What do you want to label?',
        imagesAndTables: 'There are images and several tables. What do you want to label?',
        table: (/** @type {string} */ path) => `The table ${path}`,
        tableWithImages: (/** @type {string} */ path) => `The table ${path}, with its images`,
        images: (/** @type {number} */ count) =>
            count === 1 ? 'The image alone' : `The ${counted(count, 'image')} alone`,
    },
    table: {
        /** Notes on how a file was decoded. */
        windows1252: 'The table is not UTF-8 and was read as Windows-1252. Check letters with accents.',
        damagedUtf8: 'Some bytes of the table are not UTF-8 and were replaced by \u{fffd}.',
        line: (/** @type {number} */ line) => `Line ${line}`,
        tooLarge: (/** @type {string} */ name, /** @type {number} */ megabytes) =>
            `“${name}” is larger than ${megabytes} MB. Split it, or use the command line: emofuse label.`,
        tooManyGaps: (/** @type {string} */ name, /** @type {number} */ columns) =>
            `The rows of “${name}” fill few of its ${grouped(columns)} columns, and would take too much memory. Keep the columns that you need.`,
        unreadable: (/** @type {string} */ name) =>
            `“${name}” could not be read. It may have been changed or moved; select it again.`,
        unusable: (/** @type {string} */ name, /** @type {string} */ why) =>
            `“${name}” cannot be used as a table: ${why}.`,
        noRowReadable: (
            /** @type {string} */ name,
            /** @type {number} */ rows,
            /** @type {import('../types.js').Problem} */ { where, reason },
        ) => `None of the ${grouped(rows)} rows of “${name}” can be read. ${where}: ${reason}`,
        noRows: (/** @type {string} */ name) =>
            `“${name}” has a heading, but no rows. Choose a table with a row for each post.`,
        empty: (/** @type {string} */ name) =>
            `“${name}” is empty. Choose a table with a heading and a row for each post.`,
        unknownLabel: (/** @type {string} */ label) =>
            `“${label}” is none of the labels in use. It stays with the post.`,
        noFolder: (/** @type {string} */ image) =>
            `The image “${image}” cannot be read: no folder with images was selected. Select the table again, with the folder of its images.`,
        severalImages: (/** @type {string} */ image, /** @type {string} */ folder) =>
            `“${image}” matches several images in the folder “${folder}”. Write more of the path into the table.`,
        noImage: (/** @type {string} */ image, /** @type {string} */ folder) =>
            `The image “${image}” is not in the folder “${folder}”.`,
    },
    mapping: {
        title: (/** @type {string} */ name) => `The table “${name}”`,
        hint: 'Choose which column holds what. All other columns stay with their posts and are in the files that you save.',
        roles: { caption: 'Caption', image: 'Image file', id: 'Id', manualLabel: 'Your label' },
        none: 'none',
        suggested: 'Suggested',
        others: 'Other columns',
        unused: (/** @type {string} */ column) =>
            `The column “${column}” seems to contain image names. Choose it as “Image file” to use them.`,
        folder: 'Choose the images’ folder',
        lookingThrough: (/** @type {number} */ count) =>
            `Looking through the folder … ${counted(count, 'file')} so far`,
        folderFailed: 'This folder cannot be read',
        putAll: 'Put the posts on the desk',
        put: (/** @type {number} */ count) => `Put ${counted(count, 'post')} on the desk`,
        back: 'Back',
        neither: 'Choose the column of the caption, that of the image, or both.',
        twice: (/** @type {string} */ column) => `You chose the column “${column}” twice. Choose another, or “none”.`,
        counts: (/** @type {number} */ posts, /** @type {number} */ captions, /** @type {number} */ images) =>
            `${counted(posts, 'post')}, ${counted(captions, 'caption')}, ${counted(images, 'image')}`,
        noneFound: 'none of the images found yet',
        notFound: (/** @type {number} */ count) => `${counted(count, 'image')} not found`,
        labelled: (/** @type {number} */ count) => `${grouped(count)} labelled by you`,
        preview: {
            region: 'The first posts',
            caption: 'Preview of the first posts',
            noCaption: 'no caption',
            noImage: 'no image',
            found: 'found',
            notFound: 'not found',
        },
    },
    pageLabels: {
        name: 'Labels from the page',
        title: 'Your labels from the page',
        button: (/** @type {number} */ count) => `Your labels from the page: ${grouped(count)}`,
        none: 'The page has no labels any more. Set some under “What would you say?”.',
        counts: (
            /** @type {{ labels: number, pictured: number, found: number, unusable: number }} */
            { labels, pictured, found, unusable },
        ) => {
            const parts = [counted(labels, 'label')];
            if (pictured > 0) parts.push(`${grouped(found)} of ${counted(pictured, 'image')} found`);
            if (unusable > 0) parts.push(unusableRows(unusable));
            return `${parts.join('; ')}.`;
        },
        hint: 'The page does not store images. Choose the folder with the images to label them too; they are recognised by their content, whatever their names are.',
        folder: 'Choose the images’ folder',
        comparing: (/** @type {number} */ done, /** @type {number} */ all) =>
            `Comparing images: ${grouped(done)} of ${grouped(all)}`,
        back: 'Back',
        noImage:
            'The page does not store images, so this post is not here. Your label appears when you open the same image with the same caption.',
        otherLabel: (/** @type {string} */ page, /** @type {string} */ desk) =>
            `You labelled this post ${page} on the page and ${desk} on the desk. The desk’s label stays.`,
        unusable: unusableRows,
    },
    problems: {
        title: (/** @type {number} */ count) => `${counted(count, 'problem')}: what could not be read`,
        more: (/** @type {number} */ count) => `And ${grouped(count)} more.`,
    },
    programFailed: 'Part of this page could not be loaded. Check the connection and try again.',
};

/** @param {number} count */
function unusableRows(count) {
    return `${counted(count, 'stored label')} cannot be used`;
}

/** @param {boolean} hasSheet */
function instead(hasSheet) {
    return hasSheet
        ? 'Save the spreadsheet as “CSV UTF-8”, and choose that file.'
        : 'Choose images (JPEG, PNG, WebP, GIF, BMP, AVIF), or a table (CSV, TSV, JSON Lines).';
}
