import { Inject, Injectable } from '@nestjs/common';
import { demoClients } from '../demo-data.js';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import type { Person } from './sign-in.js';
import type { Outcome } from './visits.js';

const { clientId, secret } = demoClients.find((client) => client.clientId === 'demo-operator')!;
const TIMEOUT_MS = 5000;

/** A curl command, in the parts it is shown in. */
export interface CurlLine {
  clientId: string;
  secret: string;
  body: string;
  endpoint: string;
}

/** Somebody who may revoke. Has nothing to do with the relying party; the page only shows both side by side. */
@Injectable()
export class Operator {
  constructor(@Inject(DEMO_OPTIONS) private readonly options: DemoOptions) {}

  /** Ends everything of a person, by the endpoint and over HTTP, as anybody else would. */
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

  /** The same request for a terminal. */
  curl(person: Person): CurlLine {
    const body = JSON.stringify(this.request(person)).replaceAll("'", String.raw`\u0027`);
    return { clientId, secret, body, endpoint: this.options.endpoint };
  }

  private request({ sub, username }: Person): object {
    const { issuer: iss } = this.options;
    return { sub_id: username === undefined ? { format: 'iss_sub', iss, sub } : { format: 'uid', id: username } };
  }
}
