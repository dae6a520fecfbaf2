import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotTested } from './outcome.js';

/** Where the suite receives logout tokens of the person's client. */
export interface LogoutAddress {
  host: string;
  port: number;
}

/** A request to the relying party. */
export interface LogoutRequest {
  method: string | undefined;
  type: string | undefined;
  /** Value of `logout_token`; null if there is none. */
  token: string | null;
}

/** Time between two looks, in milliseconds. */
const LOOK_MS = 100;

/** The `backchannel_logout_uri` of a relying party, which accepts every request. @see OpenID.Back-Channel §2.8 */
export class LogoutReceiver {
  private readonly requests: LogoutRequest[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      void text(request).then(
        (body) => {
          const { method, headers } = request;
          const token = new URLSearchParams(body).get('logout_token');
          this.requests.push({ method, type: headers['content-type'], token });
          response.writeHead(200, { 'Cache-Control': 'no-store' }).end();
        },
        () => response.destroy(),
      );
    });
  }

  /** @throws NotTested if the suite cannot listen there */
  static async start({ host, port }: LogoutAddress): Promise<LogoutReceiver> {
    const server = createServer();
    server.listen(port, host);
    await once(server, 'listening').catch((error: Error) => {
      throw new NotTested(`logout_receiver: ${error.message}`);
    });
    return new LogoutReceiver(server);
  }

  /** Returns the next request; undefined if none comes in time. @param until on the clock of `performance.now()` */
  async next(until: number): Promise<LogoutRequest | undefined> {
    while (this.requests.length === 0 && performance.now() < until) await sleep(LOOK_MS);
    return this.requests.shift();
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
