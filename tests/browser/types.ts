// Compiles only if the published types describe what is implemented.
import type { EmotionClassifier as Declared, LoadOptions, ModelFile } from '../../pkg/index.js';
import * as errors from '../../pkg/errors.js';
import type * as declared from '../../pkg/index.js';
import { EMOTIONS } from '../../pkg/emotions.js';
import { EmotionClassifier } from '../../pkg/classifier.js';

export const load: (options?: LoadOptions) => Promise<Declared> = EmotionClassifier.load;
export const models = (response: Response): LoadOptions[] =>
    ([
        './mine.emofuse',
        new URL('https://example.org/mine.emofuse'),
        response,
        new Blob(),
        new File([], 'mine.emofuse'),
        new ArrayBuffer(0),
        new Uint8Array(),
    ] satisfies ModelFile[]).map((model) => ({ model }));
export const instance = (implemented: EmotionClassifier): Declared => implemented;
export const reverse = (described: Declared): Pick<EmotionClassifier, keyof EmotionClassifier> => described;
export const emotions: typeof declared.EMOTIONS = EMOTIONS;
export const classes: Omit<typeof errors, 'toPlainError' | 'fromPlainError'> = errors as Omit<
    typeof declared,
    'EmotionClassifier' | 'EMOTIONS'
>;
