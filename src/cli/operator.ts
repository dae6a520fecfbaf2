import { userInfo } from 'node:os';
import { InvalidValue } from './failure.js';

/** Maximum length of a name in the audit record. */
const NAME_MAX = 100;
const NAME = new RegExp(String.raw`^(?! )\P{C}{1,${NAME_MAX}}(?<! )$`, 'u');

/** Returns the operator's account on this machine, the default for `--as`. */
export function account(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`; // many containers run as an account without a name
  }
}

/** Checks the value of `--as`. @throws InvalidValue */
export function parseOperator(name: string): string {
  if (!NAME.test(name)) {
    throw new InvalidValue(`It must have 1 to ${NAME_MAX} characters, and no spaces at the beginning or end.`);
  }
  return name;
}
