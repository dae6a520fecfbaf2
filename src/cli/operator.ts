import { userInfo } from 'node:os';
import { InvalidValue } from './failure.js';

/** Most characters of a name in the audit record. */
const NAME_MAX = 100;
const NAME = new RegExp(String.raw`^(?! )\P{C}{1,${NAME_MAX}}(?<! )$`, 'u');

/** The account on this machine: in the audit record unless `--as` names somebody. */
export function account(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`; // an account without a name, as in many containers
  }
}

/** The value of `--as`. @throws InvalidValue */
export function parseOperator(name: string): string {
  if (!NAME.test(name)) {
    throw new InvalidValue(`It must have 1 to ${NAME_MAX} characters, and no spaces at either end.`);
  }
  return name;
}
