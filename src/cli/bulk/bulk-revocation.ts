import { Inject, Injectable } from '@nestjs/common';
import type { Answer } from '../cli.command.js';
import { Cli } from '../cli.js';
import type { SubjectOptions } from '../subject.command.js';
import { count } from '../terminal-text.js';
import { UserAdministration } from '../user-administration.js';
import { BulkRun, newRunId, type Outcome, type RunOptions } from './bulk-run.js';
import { lineFormat } from './line-format.js';
import { type ListedUser, readListOfUsers } from './list-of-users.js';
import { showProgress } from './progress.js';
import { createResultFile } from './result-file.js';

/** Options of `revoke` for a list of users. */
export interface BulkOptions {
  from?: string;
  rate?: number;
  run?: string;
  result?: string;
  reason?: string;
  dryRun?: boolean;
}

/** The command `revoke --from`. */
@Injectable()
export class BulkRevocation {
  constructor(
    @Inject(Cli) private readonly cli: Cli,
    @Inject(UserAdministration) private readonly users: UserAdministration,
    @Inject(BulkRun) private readonly run: BulkRun,
  ) {}

  /** @throws CommandFailure before anybody is revoked, if a line or an option is invalid */
  async answer(from: string, options: BulkOptions & SubjectOptions & { yes?: boolean }): Promise<Answer> {
    const subIdOf = lineFormat(options, await this.users.formats());
    const list = await readListOfUsers(from, subIdOf, await this.users.parser());
    const { ask } = this.cli;
    const question = `End every token and session of ${count(list.length, 'user')}?`;
    if (ask && !options.yes && !options.dryRun && !(await ask(question))) {
      return { json: { revoked: 0 }, text: 'Nothing was changed.', failure: 'failed' };
    }
    return this.revoke(list, options);
  }

  private async revoke(list: readonly ListedUser[], options: BulkOptions): Promise<Answer> {
    const { rate = Infinity, run: id = newRunId(), reason = '', dryRun: isDry = false } = options;
    const run: RunOptions = { id, rate, reason, isDry };
    const earlier = options.run === undefined ? [] : await this.run.earlier(run, list);
    const path = options.result ?? `revoke-${id}.jsonl`;
    const file = isDry ? undefined : await createResultFile(path, options.run !== undefined);
    const counts = new Map<Outcome['result'], number>();
    const told = (outcome: Outcome): void => {
      counts.set(outcome.result, (counts.get(outcome.result) ?? 0) + 1);
      file?.write(outcome);
    };
    for (const outcome of earlier) told(outcome);
    if (!isDry) this.cli.err(`run ${id}: if it is interrupted, continue with --run ${id}\n`);
    const done = (): number => [...counts.values()].reduce((sum, each) => sum + each, 0);
    const progress = showProgress(this.cli, list.length, done);
    const lines = new Set(earlier.map(({ line }) => line));
    const waiting = list.filter(({ line }) => !lines.has(line));
    await this.run.revoke(run, waiting, told).finally(progress.stop);
    await file?.close();
    return answerOf(run, counts, list.length - done(), {
      earlier: earlier.length,
      path,
      isStopped: this.cli.stop.aborted,
    });
  }
}

function answerOf(
  { id, isDry }: RunOptions,
  counts: ReadonlyMap<Outcome['result'], number>,
  left: number,
  { earlier, path, isStopped }: { earlier: number; path: string; isStopped: boolean },
): Answer {
  const {
    revoked = 0,
    found = 0,
    ...failed
  } = Object.fromEntries(counts) as Partial<Record<Outcome['result'], number>>;
  const failures = Object.entries(failed).map(([kind, number]) => `${number} ${kind.replaceAll('_', ' ')}`);
  const text = [
    isDry ? `Would revoke ${count(found, 'user')}. Nothing was changed.` : `Revoked ${count(revoked, 'user')}.`,
    ...(failures.length > 0 ? [`Failed: ${failures.join(', ')}.`] : []),
    ...(left > 0 ? [`Left: ${left}; continue with --run ${id}.`] : []),
    ...(isDry ? [] : [`Results: ${path}`]),
  ].join('\n');
  const json = { run: id, revoked, earlier, found, failed, left, result: isDry ? null : path };
  if (left > 0) return { json, text, failure: isStopped ? 'interrupted' : 'unavailable' };
  return { json, text, ...(failures.length > 0 && { failure: 'failed' as const }) };
}
