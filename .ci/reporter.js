// A reporter for Vitest: the counts and every failure of one run as JSON, in the file that TEST_REPORT names.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

function problem(where, error) {
  const text = stripVTControlCharacters(error?.message ?? String(error));
  return `${where}: ${text.trim().split('\n').slice(0, 4).join(' | ').slice(0, 300)}`;
}

/** Of a file or a `describe`: what failed outside of its tests, which Vitest's own JSON leaves out. */
const problemsOf = (entity, name) => entity.errors().map((error) => problem(name, error));

export default class Counts {
  onTestRunEnd(modules, unhandled) {
    const counts = {
      passed: 0,
      failed: 0,
      skipped: 0,
      problems: unhandled.map((error) => problem('unhandled', error)),
    };
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      counts.problems.push(...problemsOf(module, file));
      for (const suite of module.children.allSuites())
        counts.problems.push(...problemsOf(suite, `${file} › ${suite.fullName}`));
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        counts[state in counts ? state : 'failed'] += 1;
        if (state === 'failed') counts.problems.push(problem(`${file} › ${test.fullName}`, errors?.[0]));
      }
    }
    writeFileSync(process.env.TEST_REPORT, JSON.stringify(counts));
  }
}
