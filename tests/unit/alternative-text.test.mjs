// Which alternative texts of a page's images the extension takes for captions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstWritten, isWritten } from '../../www/extension/alternative-text.js';

const AUTOMATIC = [
    'Image',
    'image',
    ' Image. ',
    'Bild',
    '画像',
    'photo',
    'Photo 3',
    'Image 1 of 4',
    'image 2/5',
    'Embedded image',
    'Post image',
    'user avatar',
    'avatar',
    'thumbnail',
    'Video thumbnail',
    'Thumbnail image',
    'profile photo',
    'Cover photo',
    'logo',
    'Animated GIF',
    'Loading...',
    'alt text',
    'Image description',
    'placeholder image',
    'Story pin image',
    'No photo description available.',
    'May be an image of 1 person, smiling',
    'May be a meme of text that says "I love you"',
    'Photo by Someone on August 05, 2021. May be an image of 1 person, smiling.',
    'Photo by @someone on May 1, 2020.',
    'Photo by Jane Doe on Unsplash',
    'Photo shared by Someone on June 26, 2021 tagging @another.',
    'Image may contain: 2 people, people smiling, outdoor',
    'This may contain: an orange and white cat laying on its back',
    'No alternative text description for this image',
    'No alt text provided for this image',
    'Möglicherweise ein Bild von 1 Person',
    'Peut être une image de 2 personnes',
    'Puede ser una imagen de texto',
    'A dog on a beach Description automatically generated',
    'Profile picture of Jane Doe',
    "jane.doe's profile picture",
    'u/somebody avatar',
    'Profile photo for Jane',
    'View profile for Jane',
    'Click to enlarge',
    'IMG_3397.JPG',
    'IMG_3397',
    'DSC00012',
    'Screenshot 2024-01-01 at 12.34.56.png',
    'WhatsApp Image 2024-01-01 at 12.34.56.jpeg',
    '12345678_1234567890123_n.jpg',
    'cat.jpg',
    'https://example.org/cat.jpg',
    '6f9619ff-8b86-d011-b42d-00cf4fc964ff',
    'OLYMPUS DIGITAL CAMERA',
    'DCIM\\100GOPRO\\GOPR0001.JPG',
    'Processed with VSCO with a6 preset',
    'Image for post',
    'Facebook photo',
    'Photo credit: Jane Doe',
    'Image by Jane Doe from Pixabay',
    'Bild könnte enthalten: 1 Person',
    'N/A',
    'null',
    'undefined',
    '-',
    '',
    ' \n',
    '\u200b',
];

const WRITTEN = [
    'Such a lovely morning',
    'a meadow',
    'A title',
    'the description of hell',
    'Photo finish!',
    'Image is everything',
    'user error, so annoying',
    'source of all my joy',
    'Photo of John crying',
    'My dog died today.',
    'photo by my dad, I miss him',
    'Photo of my late father, I miss him',
    'image of my broken heart',
    'a picture of joy',
    'Picture this: no more Mondays',
    'my profile picture makes me sad',
    'may be the last time I see you',
    'May the force be with you',
    'Loading the car for our first holiday!',
    'Avatar was so good',
    'The logo of a company that I hate',
    'icon of my youth',
    'No photo could show how happy I am',
    'no image in my head is as beautiful as this',
    'untitled feelings',
    'none of this matters',
    '2020 was awful',
    '24 years of love',
    'screenshot or it did not happen',
    'made with love',
    'Samsung is dead to me',
    '😂😂😂',
    ':(',
    '雨の日の猫',
    'blank stares all around',
    'cover me in kisses',
];

test('what sites and programs write by themselves is no caption', () => {
    assert.deepEqual(AUTOMATIC.filter(isWritten), []);
});

test('what people write about images is a caption', () => {
    assert.deepEqual(
        WRITTEN.filter((text) => !isWritten(text)),
        [],
    );
});

test('a long text is known by its beginning and its end', () => {
    const people = ' and a person'.repeat(100);
    assert.ok(!isWritten(`May be an image of a person${people}`));
    assert.ok(!isWritten(`A person${people} Description automatically generated`));
    assert.ok(isWritten(`I love a person${people}`));
    assert.ok(isWritten(`1${'0'.repeat(1000)}`), 'no name of a file is so long');
});

test('a title is taken behind an alternative text that nobody wrote, and a selection as it is', () => {
    const alt = { source: 'alt', text: 'Image' };
    const title = { source: 'title', text: 'so happy' };
    assert.equal(firstWritten([alt, title]), title);
    assert.equal(firstWritten([alt]), null);
    const selection = { source: 'selection', text: 'image' };
    assert.equal(firstWritten([selection, title]), selection);
});
