import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { jsonOf } from './http.js';
import { NotTested } from './outcome.js';
import type { SignedInPerson } from './signed-in.js';

/** How long a sign-in may take, in milliseconds. */
const TIMEOUT = 60_000;

/** Thrown if the sign-in command fails or prints something else. */
export class SignInFailed extends NotTested {}

/** The command that signs a person in. */
export class SignInCommand {
  private readonly failures = new Map<string, SignInFailed>();

  constructor(private readonly command: string) {}

  /** The first failure, if any. */
  get failure(): SignInFailed | undefined {
    return [...this.failures.values()][0];
  }

  /**
   * Runs the command, which prints a {@link SignedInPerson} as JSON. The environment variable `WHO` is `person`, or
   * `other` for another person. After a failure, the command does not run again for the same `WHO`.
   *
   * @throws SignInFailed
   */
  async run(who: 'person' | 'other'): Promise<SignedInPerson> {
    const failure = this.failures.get(who);
    if (failure) throw failure;
    return signIn(this.command, who).catch((error: unknown) => {
      if (error instanceof SignInFailed) this.failures.set(who, error);
      throw error;
    });
  }
}

async function signIn(command: string, who: 'person' | 'other'): Promise<SignedInPerson> {
  const output = await promisify(exec)(command, { timeout: TIMEOUT, env: { ...process.env, WHO: who } }).catch(
    (error: Error & { stderr?: string }) => {
      throw new SignInFailed(`the sign-in command failed: ${(error.stderr || error.message).trim()}`);
    },
  );
  const person = jsonOf({ text: output.stdout });
  const problem = person ? problemOf(person) : 'it must print a JSON object';
  if (problem) throw new SignInFailed(`the output of the sign-in command is invalid: ${problem}`);
  return person as unknown as SignedInPerson;
}

const TEXTS = ['access_token', 'jwt_access_token', 'refresh_token', 'cookies', 'authorization_url'];

function problemOf(person: Record<string, unknown>): string | undefined {
  const { identifiers } = person;
  if (!Array.isArray(identifiers) || identifiers.length === 0)
    return 'identifiers must be a list of subject identifiers';
  const missing = ['client_id', 'client_secret'].find((name) => typeof person[name] !== 'string');
  if (missing) return `${missing} must be a string`;
  const wrong = TEXTS.find((name) => person[name] !== undefined && typeof person[name] !== 'string');
  return wrong && `${wrong} must be a string`;
}
