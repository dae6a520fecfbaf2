import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { AccessTokenVerifier } from '../../src/module/resource-server/index.js';
import { AUDIENCE, Issuer } from '../module/resource-server/issuer.js';
import { errorOfMedian, median } from './figures.js';

const PAIRS = 200;
const VERIFICATIONS = 100;
const GOAL = 0.05;

test(
  `the status check adds at most ${GOAL * 100} % of CPU time to a verification, and no request`,
  { timeout: 0 },
  async () => {
    const issuer = await Issuer.start();
    issuer.ttl = 3600;
    issuer.lifetime = 7200;
    const options = { issuer: issuer.url, audience: AUDIENCE, allowedHosts: ['127.0.0.1'] };
    const request = new IncomingMessage(new Socket());
    request.headers.authorization = `Bearer ${await issuer.token(1, { exp: Math.floor(Date.now() / 1000) + 7200 })}`;
    const verifiers = {
      with: new AccessTokenVerifier(options),
      // Everything but the check: a token without a person has no epoch to compare.
      without: new AccessTokenVerifier({ ...options, epochs: { isCurrent: async () => true } }),
    };
    const claimsOfEpoch = { epoch: '1', exp: Math.floor(Date.now() / 1000) + 7200 };
    const other = new IncomingMessage(new Socket());
    other.headers.authorization = `Bearer ${await issuer.token(1, claimsOfEpoch)}`;
    /** Microseconds of CPU time of one verification. */
    const cost = async (name: keyof typeof verifiers): Promise<number> => {
      const [verifier, sent] = [verifiers[name], name === 'with' ? request : other];
      const from = process.cpuUsage();
      for (let i = 0; i < VERIFICATIONS; i += 1) await verifier.verify(sent);
      const { user, system } = process.cpuUsage(from);
      return (user + system) / VERIFICATIONS;
    };
    for (let i = 0; i < 20; i += 1) for (const name of ['with', 'without'] as const) await cost(name);
    const asked = { ...issuer.asked };
    const times = { with: [] as number[], without: [] as number[] };
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const order = pair % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const);
      for (const name of order) times[name].push(await cost(name));
    }
    const apart = times.with.map((time, i) => time / times.without[i]! - 1);
    const [slower, error] = [median(apart), errorOfMedian(apart)];
    const [withStatusUs, withoutUs] = [median(times.with), median(times.without)];
    console.log(
      `\nverification: ${withStatusUs.toFixed(1)} µs with the status list, ${withoutUs.toFixed(1)} µs without`,
    );
    console.log(`more by ${(slower * 100).toFixed(2)} % ± ${(error * 100).toFixed(2)} %\n`);
    expect(issuer.asked).toEqual(asked);
    await issuer.stop();
    expect(slower - 2 * error).toBeLessThanOrEqual(GOAL);
  },
);
