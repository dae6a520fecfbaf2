import { spawnSync } from 'node:child_process';

const { stderr } = process;

// Returns the cursor to the beginning of the line, so that compiler errors replace the text.
if (stderr.isTTY) stderr.write('Building…\r');
const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
if (stderr.isTTY) stderr.write('\u001b[K');
process.exitCode = status ?? 1;
