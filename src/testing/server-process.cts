import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** One answer of the process. */
interface Answer {
  id: number;
  result?: unknown;
  /** Why there is none. */
  error?: string;
}

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

/**
 * The authorization server as a process of its own: test runners that load modules their own way never see what it is made
 * of. CommonJS, because Jest loads nothing else on most versions of Node.
 */
export class ServerProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private errors = '';

  constructor() {
    this.child = fork(join(__dirname, 'serve.js'), { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.exited = new Promise((resolve) => this.child.once('exit', () => resolve()));
    this.child.stderr!.on('data', (chunk: Buffer) => this.heard(chunk));
    this.child.on('message', (answer: Answer) => this.answered(answer));
    this.child.once('close', () => this.ended());
    this.idle();
  }

  /** Calls a method of the process. @throws Error as the method does, or when the process ends */
  call<T>(method: string, ...args: unknown[]): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.child.connected) return reject(new Error('the authorization server has stopped'));
      this.calls += 1;
      this.waiting.set(this.calls, { resolve, reject });
      this.busy();
      this.child.send({ id: this.calls, method, args });
    });
  }

  /** Asks it to clear up and end, and waits. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.busy();
    if (this.child.connected) this.child.disconnect();
    await this.exited;
  }

  private answered({ id, result, error }: Answer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.idle();
    if (error === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(error));
  }

  /** What it says while it starts belongs to the error, if it ends in one; later on to whoever watches the tests. */
  private heard(chunk: Buffer): void {
    if (this.calls > 1) process.stderr.write(chunk);
    else this.errors += chunk.toString();
  }

  private ended(): void {
    const error = new Error(`the authorization server ended before it answered\n${this.errors}`);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  /** While it has nothing to do, the process that started it may end. */
  private idle(): void {
    for (const handle of this.handles()) handle.unref();
  }

  private busy(): void {
    for (const handle of this.handles()) handle.ref();
  }

  private handles(): Array<{ ref(): void; unref(): void }> {
    const stderr = this.child.stderr as unknown as { ref(): void; unref(): void };
    return [this.child, stderr, ...(this.child.channel ? [this.child.channel] : [])];
  }
}
