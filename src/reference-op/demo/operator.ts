import { Inject, Injectable } from '@nestjs/common';
import { demoClients } from '../demo-data.js';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import type { Person } from './sign-in.js';
import type { Outcome } from './visits.js';

const { clientId, secret } = demoClients.find((client) => client.clientId === 'demo-operator')!;
const TIMEOUT_MS = 5000;

/** The parts of a curl command. */
export interface CurlLine {
  clientId: string;
  secret: string;
  body: string;
  endpoint: string;
}

/** A caller of the endpoint. It is independent of the relying party; the page only shows both side by side. */
@Injectable()
export class Operator {
  constructor(@Inject(DEMO_OPTIONS) private readonly options: DemoOptions) {}

  /** Revokes a person with a request to the endpoint, like any other caller. */
  async revoke(person: Person): Promise<Outcome> {
    try {
      const response = await fetch(this.options.endpoint, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(this.request(person)),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { error_description: error } = (response.ok ? {} : await response.json()) as Record<string, string>;
      return { status: response.status, ...(error && { error }) };
    } catch {
      return { status: 0 };
    }
  }

  /** Returns the same request as a curl command. */
  curl(person: Person): CurlLine {
    const body = JSON.stringify(this.request(person)).replaceAll("'", String.raw`\u0027`);
    return { clientId, secret, body, endpoint: this.options.endpoint };
  }

  private request({ sub, username }: Person): object {
    const { issuer: iss } = this.options;
    return { sub_id: username === undefined ? { format: 'iss_sub', iss, sub } : { format: 'uid', id: username } };
  }
}
