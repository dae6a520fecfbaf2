#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import { type Options, readOptions, USAGE, UsageError } from './options.js';
import { Mismatch, NotTested } from './outcome.js';
import { htmlReport } from './report-html.js';
import { TerminalReport } from './report-terminal.js';
import { type Result, run } from './run.js';
import { SignInCommand } from './sign-in-command.js';
import { SignedIn } from './signed-in.js';
import { Target, type TargetOptions } from './target.js';

function targetOf(options: TargetOptions, signIn: SignInCommand | undefined): Target {
  const target: Target = new Target(
    options,
    signIn && (async (who) => new SignedIn(await signIn.run(who), (name) => target.metadataUrl(name))),
  );
  return target;
}

function write({ html, json, target: { base_url: baseUrl } }: Options, results: readonly Result[]): void {
  if (html !== undefined) writeFileSync(html, htmlReport(baseUrl, results, new Date()));
  if (json === undefined) return;
  const rows = results.map(({ group, clause, outcome, detail }) => {
    const { number, source, title, level } = clause;
    return { group, number, source, title, level, outcome, detail };
  });
  writeFileSync(json, `${JSON.stringify({ base_url: baseUrl, results: rows }, null, 2)}\n`);
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const signIn = options.signIn === undefined ? undefined : new SignInCommand(options.signIn);
  const target = targetOf(options.target, signIn);
  await target.reach();
  const report = new TerminalReport(process.stdout.isTTY && !process.env['NO_COLOR']);
  const results: Result[] = [];
  const onResult = (result: Result): void => {
    results.push(result);
    console.log(report.lines(result));
  };
  const onWait = (seconds: number): void =>
    console.error(`the server limits how often it is called: waiting for ${seconds} s`);
  try {
    await run(target, options.only, { onResult, onWait });
  } finally {
    write(options, results);
  }
  console.log(report.summary(results));
  if (signIn?.failure) console.error(signIn.failure.message);
  if (results.some(({ outcome }) => outcome === 'failed')) return 1;
  return signIn?.failure ? 3 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isKnown = [UsageError, Mismatch, NotTested].some((kind) => error instanceof kind);
  if (!isKnown) throw error;
  console.error((error as Error).message);
  process.exitCode = error instanceof UsageError ? 2 : 3;
}
