import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Sends every request on to the node that is chosen when it arrives, each on a connection of its own. */
export class Balancer {
  private readonly server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: this.target, method, path, headers, agent: false }, (answer) => {
      const { connection: _hop, ...kept } = answer.headers;
      answer.pipe(outgoing.writeHead(answer.statusCode!, kept));
    });
    onward.on('error', (error) => outgoing.writeHead(502).end(error.message));
    incoming.pipe(onward);
  });

  /** @param target port of the node; may be set anew */
  constructor(public target: number) {}

  /** @returns the port */
  async open(): Promise<number> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
