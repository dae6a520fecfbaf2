import { Command, Option, SubCommand } from 'nest-commander';
import { type Caller, mayRevoke } from '../caller/caller.js';
import { type Assertion, readAssertion } from '../caller/assertion.js';
import { AssertionStrategy } from '../caller/assertion.strategy.js';
import { RevocationRequests } from '../endpoint/revocation-request.js';
import { FeatureFlags } from '../feature-flags/feature-flags.service.js';
import { RevocationError } from '../revocation.errors.js';
import { UserLookupService } from '../subject/user-lookup.service.js';
import { assertionJson, assertionText, refusalJson, refusalText } from './caller-text.js';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { CommandFailure } from './failure.js';
import { GroupCommand } from './group.command.js';
import { facts } from './terminal-text.js';

interface TestOptions extends CommonOptions {
  body?: string;
}

@SubCommand({
  name: 'test',
  arguments: '<assertion>',
  argsDescription: { assertion: 'the JWT that stands behind Bearer in the Authorization header' },
  description: 'check a signed request as the endpoint would, and name the check that fails; nothing is used up',
})
export class TestCallerCommand extends CliCommand<TestOptions> {
  protected override readonly examples = [
    'callers test eyJhbGciOi…',
    `callers test eyJhbGciOi… --body '{"sub_id":{"format":"email","email":"alice@example.com"}}'`,
  ];

  protected async answer([token = '']: string[], { body }: TestOptions): Promise<Answer> {
    const assertion = this.read(token);
    try {
      const caller = await this.check(token, body);
      const says = assertion && assertionJson(assertion);
      const { id, method, keyId = null, limits = null } = caller;
      return {
        json: { accepted: true, refusal: null, caller: { id, method, keyId, limits }, assertion: says },
        text: facts([
          ['accepted', `of ${id}, by ${method}`],
          ['limits', JSON.stringify(limits)],
          ...assertionText(says),
        ]),
      };
    } catch (error) {
      if (!(error instanceof RevocationError) || (error.status === 503 && error.details !== 'keys')) throw error;
      const says = assertion && assertionJson(assertion);
      return {
        json: { accepted: false, refusal: refusalJson(error), caller: null, assertion: says ?? null },
        text: facts([...refusalText(error), ...assertionText(says)]),
        failure: error.status === 503 ? 'unavailable' : 'refused',
      };
    }
  }

  /** For showing what it says; undefined when it cannot be read, which the check will name. */
  private read(token: string): Assertion | undefined {
    try {
      return readAssertion(token);
    } catch {
      return undefined;
    }
  }

  /** The steps of the endpoint, up to the transaction. @throws RevocationError of the first that refuses */
  private async check(token: string, body: string | undefined): Promise<Caller> {
    const assertions = await this.host.get(AssertionStrategy);
    const assertion = assertions.read(`Bearer ${token}`);
    if (!assertion) {
      throw new CommandFailure('usage', 'this is no assertion: it must be a JWT in compact form, and no access token');
    }
    const bytes = Buffer.from(body ?? '');
    const caller = await assertions.authenticate(assertion, bytes);
    const isOn = await (await this.host.get(FeatureFlags)).isEnabled('GLOBAL_TOKEN_REVOCATION');
    if (!isOn) throw new RevocationError('featureDisabled');
    if (!mayRevoke(caller)) throw new RevocationError('insufficientScope');
    if (body !== undefined) {
      const identifier = (await this.host.get(RevocationRequests)).parse(bytes);
      await (await this.host.get(UserLookupService)).find(identifier, caller.limits);
    }
    return caller;
  }

  @Option({ flags: '--body <json>', description: 'the body it comes with: that is checked as well' })
  protected parseBody(text: string): string {
    return text;
  }
}

@Command({ name: 'callers', description: 'those who sign their requests', subCommands: [TestCallerCommand] })
export class CallersCommand extends GroupCommand {}
