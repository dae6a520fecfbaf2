import { asFailure } from './failure.js';

/** The result of one check. */
export interface Check {
  check: string;
  ok: boolean;
  /** The status, and the fix if the check failed. */
  message: string;
}

/** Runs one check. @param look returns the status, or throws. @param cli name of the command line */
export async function examined(check: string, cli: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { check, ok: true, message: await look() };
  } catch (error) {
    const { kind, message } = asFailure(error, cli);
    const fix = kind === 'unavailable' && !message.includes(FIX) ? `: ${FIX}` : '';
    return { check, ok: false, message: message + fix };
  }
}

const FIX = 'check that the database runs';
