import { spawnSync } from 'node:child_process';

const { stderr } = process;

// The cursor goes back to the beginning of the line: errors of the compiler replace the text.
if (stderr.isTTY) stderr.write('Building…\r');
const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
if (stderr.isTTY) stderr.write('\u001b[K');
process.exitCode = status ?? 1;
