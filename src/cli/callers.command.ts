import { Command, Option, SubCommand } from 'nest-commander';
import {
  type Caller,
  FeatureFlags,
  GLOBAL_REVOCATION_OPTIONS,
  type ResolvedOptions,
  RevocationError,
  UserLookupService,
} from 'nestjs-global-revocation';
import {
  type Assertion,
  AssertionStrategy,
  isUntold,
  mayRevoke,
  readAssertion,
  RevocationRequests,
} from 'nestjs-global-revocation/administration';
import { assertionJson, assertionText, callerJson, restrictionsText, refusalJson, refusalText } from './caller-text.js';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { CommandFailure } from './failure.js';
import { GroupCommand } from './group.command.js';
import { facts } from './terminal-text.js';
import { findFor } from './unknown-to-caller.js';

interface TestOptions extends CommonOptions {
  body?: string;
}

@SubCommand({
  name: 'test',
  arguments: '<assertion>',
  argsDescription: { assertion: 'the JWT after Bearer in the Authorization header' },
  description:
    'check a signed request as the endpoint does, and name the check that fails; this does not use up the request',
})
class TestCallerCommand extends CliCommand<TestOptions> {
  protected override readonly examples = [
    'callers test eyJhbGciOi…',
    `callers test eyJhbGciOi… --body '{"sub_id":{"format":"email","email":"alice@example.com"}}'`,
  ];

  protected async answer([token = '']: string[], { body }: TestOptions): Promise<Answer> {
    const assertion = this.read(token);
    const says = assertion && assertionJson(assertion);
    let caller: Caller | undefined;
    try {
      caller = await this.authenticate(token, Buffer.from(body ?? ''));
      await this.check(caller, body);
      return {
        json: { accepted: true, refusal: null, caller: callerJson(caller), assertion: says },
        text: facts([
          ['accepted', `${caller.id}, by ${caller.method}`],
          ...restrictionsText(caller),
          ...assertionText(says),
        ]),
      };
    } catch (error) {
      if (!(error instanceof RevocationError) || (error.status === 503 && error.details !== 'keys')) throw error;
      const { unknownSubject } = await this.options();
      const refusal = refusalJson(error, isUntold(error, caller, unknownSubject));
      return {
        json: { accepted: false, refusal, caller: callerJson(caller), assertion: says ?? null },
        text: facts([...refusalText(refusal), ...restrictionsText(caller), ...assertionText(says)]),
        failure: error.status === 503 ? 'unavailable' : 'refused',
      };
    }
  }

  /** Returns the decoded JWT; undefined if it is malformed, which the check reports. */
  private read(token: string): Assertion | undefined {
    try {
      return readAssertion(token);
    } catch {
      return undefined;
    }
  }

  /** Runs step 1 of the endpoint. @throws RevocationError of the first check that fails */
  private async authenticate(token: string, body: Buffer): Promise<Caller> {
    const assertions = await this.host.get(AssertionStrategy);
    const assertion = assertions.read(`Bearer ${token}`);
    if (!assertion) {
      throw new CommandFailure('usage', 'not an assertion: give a JWT in compact form that is not an access token');
    }
    return assertions.authenticate(assertion, body);
  }

  /** Runs the other steps, up to the transaction. @throws RevocationError of the first check that fails */
  private async check(caller: Caller, body: string | undefined): Promise<void> {
    const isOn = await (await this.host.get(FeatureFlags)).isEnabled('GLOBAL_TOKEN_REVOCATION');
    if (!isOn) throw new RevocationError('featureDisabled');
    if (!mayRevoke(caller)) throw new RevocationError('insufficientScope');
    if (body === undefined) return;
    const identifier = (await this.host.get(RevocationRequests)).parse(Buffer.from(body));
    const { issuer } = await this.options();
    await findFor(caller.restrictions, identifier, await this.host.get(UserLookupService), issuer);
  }

  private options(): Promise<ResolvedOptions> {
    return this.host.get<ResolvedOptions>(GLOBAL_REVOCATION_OPTIONS);
  }

  @Option({ flags: '--body <json>', description: 'request body to check as well' })
  protected parseBody(text: string): string {
    return text;
  }
}

@Command({ name: 'callers', description: 'callers that sign their requests', subCommands: [TestCallerCommand] })
export class CallersCommand extends GroupCommand {
  protected readonly examples = ['callers test eyJhbGciOi…'];
}
