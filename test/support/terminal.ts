import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  cwd?: string;
  /** The whole environment, but for PATH, HOME and TERM. */
  env?: Record<string, string>;
}

/** A real terminal, without a window: tmux, with a server of its own. */
export class Terminal {
  private constructor(private readonly socket: string) {}

  /** Opens it with a program in it. */
  static async open(program: readonly string[], options: TerminalOptions = {}): Promise<Terminal> {
    const { columns = 80, rows = 24, cwd = process.cwd(), env = {} } = options;
    const terminal = new Terminal(`gtr-test-${randomBytes(6).toString('hex')}`);
    const variables = { PATH: process.env.PATH ?? '', HOME: cwd, ...env };
    const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const size = ['-x', String(columns), '-y', String(rows)];
    // Kept open when the program ends, so that its last screen can be read.
    await terminal.tmux(
      ...['-f', '/dev/null', 'start-server', ';', 'set-option', '-g', 'remain-on-exit', 'on', ';'],
      ...['new-session', '-d', ...size, '-c', cwd, 'env', '-i', 'TERM=tmux-256color', ...assignments, ...program],
    );
    process.once('exit', terminal.kill);
    return terminal;
  }

  /** Presses keys by tmux's names: `Enter`, `Tab`, `C-c`, `Up`, `a`. */
  async press(...keys: string[]): Promise<void> {
    await this.tmux('send-keys', ...keys);
  }

  async type(text: string): Promise<void> {
    await this.tmux('send-keys', '-l', text);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** What it shows, line by line, without colours. */
  screen(): Promise<string> {
    return this.tmux('capture-pane', '-p');
  }

  /** What it shows, with escape sequences for colours and styles. */
  colouredScreen(): Promise<string> {
    return this.tmux('capture-pane', '-p', '-e');
  }

  /** Waits until it shows this. @returns the screen. @throws Error with the screen when it does not in time */
  async until(expected: RegExp, milliseconds = 15_000): Promise<string> {
    for (const late = Date.now() + milliseconds; ; await sleep(20)) {
      const screen = await this.screen();
      if (expected.test(screen)) return screen;
      if (Date.now() > late) throw new Error(`the terminal does not show ${String(expected)}:\n${screen}`);
    }
  }

  /** Sends a signal to the program that was started by the shell in it. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const shell = (await this.tmux('display-message', '-p', '#{pane_pid}')).trim();
    const [child] = (await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8')).split(' ');
    process.kill(Number(child), signal);
  }

  async close(): Promise<void> {
    process.off('exit', this.kill);
    await this.tmux('kill-server').catch(() => {});
  }

  private readonly kill = (): void => void spawnSync('tmux', ['-L', this.socket, 'kill-server']);

  private async tmux(...args: string[]): Promise<string> {
    return (await run('tmux', ['-L', this.socket, ...args])).stdout;
  }
}
