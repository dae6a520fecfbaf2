#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import { type Options, readOptions, USAGE, UsageError } from './options.js';
import { Mismatch, NotTested } from './outcome.js';
import { htmlReport } from './report-html.js';
import { TerminalReport } from './report-terminal.js';
import { run } from './run.js';
import { SignInFailed, runSignIn } from './sign-in-command.js';
import { SignedIn } from './signed-in.js';
import { Target } from './target.js';

function targetOf({ target: options, signIn }: Options): Target {
  const target: Target = new Target(
    options,
    signIn === undefined
      ? undefined
      : async (who) => new SignedIn(await runSignIn(signIn, who), (name) => target.metadataUrl(name)),
  );
  return target;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const target = targetOf(options);
  await target.reach();
  const report = new TerminalReport(process.stdout.isTTY && !process.env['NO_COLOR']);
  const results = await run(target, options.only, (result) => console.log(report.lines(result)));
  console.log(report.summary(results));
  if (options.html !== undefined) {
    writeFileSync(options.html, htmlReport(options.target.base_url, results, new Date()));
  }
  if (options.json !== undefined) {
    const rows = results.map(({ group, clause, outcome, detail }) => {
      const { number, source, title, level } = clause;
      return { group, number, source, title, level, outcome, detail };
    });
    writeFileSync(options.json, `${JSON.stringify({ base_url: options.target.base_url, results: rows }, null, 2)}\n`);
  }
  return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isKnown = [UsageError, SignInFailed, Mismatch, NotTested].some((kind) => error instanceof kind);
  if (!isKnown) throw error;
  console.error((error as Error).message);
  process.exitCode = error instanceof UsageError ? 2 : 3;
}
