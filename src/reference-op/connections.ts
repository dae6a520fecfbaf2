import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The open connections of a server, and whether each is answering a request. Node's list of idle connections omits those
 * that have not sent anything yet, such as a browser's preconnection.
 */
export class Connections {
  private readonly answering = new Map<Socket, number>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.answering.set(socket, 0);
      socket.once('close', () => this.answering.delete(socket));
    });
    server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.count(socket, 1);
      response.once('close', () => this.count(socket, -1));
    });
  }

  /** Closes connections without a request to answer. */
  closeIdle(): void {
    for (const [socket, requests] of this.answering) if (requests === 0) socket.destroy();
  }

  private count(socket: Socket, change: number): void {
    const requests = this.answering.get(socket);
    if (requests !== undefined) this.answering.set(socket, requests + change);
  }
}
