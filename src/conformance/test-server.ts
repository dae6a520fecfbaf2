import type { CommandLine } from './command-line.js';
import { UNKNOWN, type Report } from './report/report.js';
import { TerminalReport } from './report/terminal.js';
import { checkFiles, STDOUT, writeReports } from './report/write.js';
import type { RequirementGroup } from './requirement.js';
import { type Result, run } from './run.js';
import { SignInCommand } from './sign-in-command.js';
import { SignedIn } from './signed-in.js';
import { suite } from './suite.js';
import { Target } from './target.js';

/**
 * Tests a server and writes the results to the terminal and to the reports, even if the run is interrupted by an error.
 *
 * @returns the exit code
 */
export async function testServer(options: CommandLine, groups: readonly RequirementGroup[]): Promise<number> {
  checkFiles(options.files);
  const signIn = options.signIn === undefined ? undefined : new SignInCommand(options.signIn);
  const target: Target = new Target(
    options.target,
    signIn && (async (who) => new SignedIn(await signIn.run(who), (name) => target.metadataUrl(name))),
  );
  const date = new Date();
  const server = await target.reach();
  const results: Result[] = [];
  const baseUrl = options.target.base_url;
  const report: Report = { suite: suite(), baseUrl, server: options.server ?? server ?? UNKNOWN, date, results };
  const terminal = new TerminalReport(process.stdout.isTTY && !process.env['NO_COLOR']);
  const isQuiet = Object.values(options.files).includes(STDOUT);
  const say = (text: string): void => (isQuiet ? undefined : console.log(text));
  try {
    await run(target, groups, {
      onResult: (result) => {
        results.push(result);
        say(terminal.lines(result));
      },
      onWait: (seconds) => console.error(`the server limits the rate of calls: waiting for ${seconds} s`),
    });
  } finally {
    writeReports(options.files, report);
  }
  say(terminal.summary(results));
  if (signIn?.failure) console.error(signIn.failure.message);
  if (results.some(({ outcome }) => outcome === 'failed')) return 1;
  return signIn?.failure ? 3 : 0;
}
