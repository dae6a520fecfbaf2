// count.js REPORTS STATUS [FAILED STEP...]: prints the last line of the run from Vitest's own reports.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, status, ...failedSteps] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) console.log(`${file.replace('.json', '')}: ${skipped} skipped`);
  passed += report.numPassedTests;
  failed += report.numFailedTests + skipped;
  const step = failedSteps.indexOf(file.replace('.json', ''));
  if (step >= 0 && report.numFailedTests > 0) failedSteps.splice(step, 1);
}
failed += failedSteps.length;
if (failed === 0 && (status !== '0' || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
