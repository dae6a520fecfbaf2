import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Text of a query in MySQL's protocol (COM_QUERY). */
const COMMIT = Buffer.from('\u0003COMMIT');

/** A way to a TCP server that can be closed and opened again at the same address. */
export class TcpProxy {
  /** Asked at each COMMIT of a MySQL client: whether the connection breaks before it, or before its answer. */
  breakCommit: () => 'before' | 'after' | undefined = () => undefined;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly target: number) {}

  /** @returns the port */
  async open(): Promise<number> {
    this.server = createServer((near) => {
      const far = connect(this.target, '127.0.0.1');
      for (const socket of [near, far]) {
        this.sockets.add(socket.on('error', () => {}).on('close', () => [near, far].forEach((end) => end.destroy())));
      }
      far.pipe(near);
      near.on('end', () => far.end());
      near.on('data', (chunk: Buffer) => {
        const when = chunk.includes(COMMIT) ? this.breakCommit() : undefined;
        if (when === 'before') return near.destroy();
        if (when === 'after') {
          far.unpipe(near).once('data', () => near.destroy());
          far.resume();
        }
        return far.write(chunk);
      });
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as { port: number }).port;
    return this.port;
  }

  /** Cuts every identity provider and refuses new ones. */
  async close(): Promise<void> {
    const closed = this.server && once(this.server, 'close');
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    await closed;
  }
}
