import { userInfo } from 'node:os';

/** Who is written down as having done something from here: the account on this machine. */
export function operator(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return `cli:uid ${process.getuid?.() ?? '?'}`; // an account without a name, as in many containers
  }
}
