import { test } from 'vitest';
import { fuzz } from './fuzz.js';

const { FUZZ_SECONDS = '60', FUZZ_SEED, FUZZ_PATH } = process.env;

test(`generated requests for ${FUZZ_SECONDS} seconds`, async () => {
  const seed = FUZZ_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(FUZZ_SEED);
  const path = FUZZ_PATH === undefined ? {} : { path: FUZZ_PATH };
  const { requests, settings, seconds, answers } = await fuzz({ seed, seconds: Number(FUZZ_SECONDS), ...path });
  console.log(`${requests} requests and ${settings} settings in ${seconds} s with --seed ${seed}: 0 failures`, answers);
});
