import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** An answer of the process. */
interface Answer {
  id: number;
  result?: unknown;
  /** Error of the call. */
  error?: string;
}

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

/**
 * Runs the authorization server in its own process, so that test runners with their own module loaders do not load it.
 * It is CommonJS, because on most versions of Node, Jest cannot load anything else.
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

  /** Calls a method of the process. @throws Error of the method, or if the process ends */
  call<T>(method: string, ...args: unknown[]): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.child.connected) return reject(new Error('the authorization server has stopped'));
      this.calls += 1;
      this.waiting.set(this.calls, { resolve, reject });
      this.busy();
      this.child.send({ id: this.calls, method, args });
    });
  }

  /** Lets the process clean up and waits for its end. */
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

  /** Collects output during the start for a possible error; later output goes to standard error. */
  private heard(chunk: Buffer): void {
    if (this.calls > 1) process.stderr.write(chunk);
    else this.errors += chunk.toString();
  }

  private ended(): void {
    const error = new Error(`the authorization server ended before it answered\n${this.errors}`);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  /** Allows the parent process to end while there are no calls. */
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
