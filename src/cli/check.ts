import { asFailure } from './failure.js';

/** One thing that was examined. */
export interface Check {
  check: string;
  ok: boolean;
  /** How it stands, and what to do about it when that is not as it should be. */
  message: string;
}

/** Examines one thing. @param look says how it stands, or throws. @param cli how the command line is called */
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
