import { Inject, Injectable } from '@nestjs/common';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import type { Jwt, SignIn, Standing } from './sign-in.js';

const TIMEOUT_MS = 5000;
/** Interval between two calls, in milliseconds. */
const PERIOD_MS = 1000;
const QUESTION = 'GET /demo/api';

/** Calls the API of the demo with the JWT of a sign-in, if there is one. */
@Injectable()
export class JwtApi {
  constructor(@Inject(DEMO_OPTIONS) private readonly options: DemoOptions) {}

  /** Asks until the API has rejected the token, which is final. Only the first answer is waited for: the page asks again soon. */
  async ask({ jwt }: SignIn): Promise<void> {
    if (!jwt || jwt.answer.standing === 'ended' || performance.now() < (jwt.nextAt ?? 0)) return;
    jwt.asking ??= this.call(jwt.token).then((answer) => {
      jwt.answer = answer;
      jwt.nextAt = performance.now() + PERIOD_MS;
      delete jwt.asking;
    });
    if (jwt.nextAt === undefined) await jwt.asking;
  }

  private async call(token: string): Promise<Jwt['answer']> {
    const [standing, reply] = await fetch(this.options.jwtApi!.audience, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(verdict, (): [Standing, string] => ['unknown', 'no answer']);
    return { standing, evidence: [{ question: QUESTION, reply }] };
  }
}

function verdict({ status }: Response): [Standing, string] {
  if (status === 200) return ['alive', '200 OK'];
  return status === 401 ? ['ended', '401 invalid_token'] : ['unknown', String(status)];
}
