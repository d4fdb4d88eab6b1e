import { readFile } from 'node:fs/promises';
import { EmotionClassifier } from 'emofuse';

const classifier = await EmotionClassifier.load({ backend: 'cpu', model: 'large' });
for (const path of process.argv.slice(2)) {
    const result = await classifier.classify({ image: await readFile(path), caption: 'finally home' });
    console.log(JSON.stringify(result));
}
classifier.dispose();
