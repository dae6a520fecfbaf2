import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The network between an application and its database. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private readonly server = createServer((near) => {
    const far = connect(this.target, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      if (this.isCut) socket.pause();
    }
  });

  private constructor(private target: number) {}

  static async open(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await once(proxy.server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Packets vanish from now on, in both directions; connections stay. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** The network is there again; every connection has to be made anew. */
  heal(): void {
    this.isCut = false;
    this.reset();
  }

  /** Connections go to another server from now on. */
  to(target: number): void {
    this.target = target;
    this.reset();
  }

  close(): void {
    this.server.close();
    this.reset();
  }

  private reset(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
