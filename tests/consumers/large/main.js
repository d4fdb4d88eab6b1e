import { EmotionClassifier } from 'emofuse';
import large from 'emofuse-large';

const input = document.querySelector('input');
const classifier = await EmotionClassifier.load({ backend: 'cpu', model: large });
input.disabled = false;
input.onchange = async () => {
    const result = await classifier.classify({ image: input.files[0], caption: 'finally home' });
    document.querySelector('output').textContent = JSON.stringify(result);
};
