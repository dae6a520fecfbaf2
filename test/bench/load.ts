import { createRequire } from 'node:module';

interface Options {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  connections: number;
  /** Made anew for each request. */
  requests?: Array<{ setupRequest: (request: object) => object }>;
}

interface Result {
  /** Seconds. */
  duration: number;
  '2xx': number;
  non2xx: number;
  statusCodeStats: Record<string, { count: number }>;
  errors: number;
  timeouts: number;
}

/** The package has no types. */
const autocannon = createRequire(import.meta.url)('autocannon') as (
  options: Options & { duration: number; timeout: number },
) => Promise<Result>;

/**
 * Asks for so many seconds (whole ones) and counts the answers.
 *
 * @returns answers per second
 * @throws Error when an answer was not 2xx, or none came
 */
export async function answersPerSecond(options: Options, seconds = 1): Promise<number> {
  const result = await autocannon({ ...options, duration: seconds, timeout: 30 });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0 || result['2xx'] === 0)
    throw new Error(`not all answered 2xx: ${JSON.stringify(result.statusCodeStats)}, ${failed} failed`);
  return result['2xx'] / result.duration;
}

/** Runs `work` over and over, so many at a time. @returns runs per second */
export async function runsPerSecond(work: () => Promise<unknown>, atATime: number, seconds = 1): Promise<number> {
  const from = performance.now();
  let runs = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - from < seconds * 1000) {
      await work();
      runs += 1;
    }
  };
  await Promise.all(Array.from({ length: atATime }, lane));
  return (runs / (performance.now() - from)) * 1000;
}
