import { createApp } from './app.js';
import { issuer } from './settings.js';

const app = await createApp();
await app.listen(new URL(issuer).port || 80);
