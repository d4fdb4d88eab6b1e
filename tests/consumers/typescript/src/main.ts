import { EmotionClassifier, type LoadOptions, type Result, type Scores } from 'emofuse';

const input = document.querySelector('input') as HTMLInputElement;
const output = document.querySelector('output') as HTMLOutputElement;
const options: LoadOptions = {
    backend: 'cpu',
    onProgress: ({ phase, loaded, total }) => console.debug(phase, loaded / total),
};
const classifier = await EmotionClassifier.load(options);
input.disabled = false;
input.onchange = async () => {
    const image = input.files?.[0] ?? null;
    const result: Result = await classifier.classify({ image, caption: 'finally home' });
    const scores: Scores = result.scores;
    output.textContent = JSON.stringify({ ...result, scores });
};
