// count.js REPORTS STATUS [FAILED STEP...]: prints what failed, then the last line of the run, from the reports of its steps.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, status, ...failedSteps] = process.argv.slice(2);
let passed = 0;
let failed = 0;
const unexplained = new Set(failedSteps);
for (const file of readdirSync(folder)) {
  const step = file.replace('.json', '');
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  if (report.skipped > 0) console.log(`${step}: ${report.skipped} skipped`);
  for (const problem of report.problems.slice(0, 20)) console.log(`${step}: ${problem}`);
  passed += report.passed;
  failed += report.failed + report.skipped;
  if (report.failed + report.skipped > 0) unexplained.delete(step);
}
failed += unexplained.size;
if (failed === 0 && (status !== '0' || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
