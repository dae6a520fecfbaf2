import { Command, SubCommand } from 'nest-commander';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from 'nestjs-global-revocation';
import { acceptIssuer, OperatorChanges } from 'nestjs-global-revocation/administration';
import { type Answer, CliCommand } from './cli.command.js';
import { GroupCommand } from './group.command.js';

@SubCommand({
  name: 'accept',
  description: 'store the configured issuer as the owner of these tables, after its name has changed',
})
class AcceptIssuerCommand extends CliCommand {
  protected override readonly examples = ['issuer accept   # before the servers start with the new name'];

  protected async answer(): Promise<Answer> {
    const { issuer } = await this.host.get<ResolvedOptions>(GLOBAL_REVOCATION_OPTIONS);
    const changes = await this.host.get(OperatorChanges);
    const intention = { actor: this.cli.operator, action: 'issuer.accept', target: 'issuer' };
    let before = '';
    await changes.make(intention, async (manager) => {
      before = (await acceptIssuer(manager, issuer)) ?? '';
      return { before, after: issuer };
    });
    return { json: { before, issuer }, text: `These tables now belong to ${issuer}.` };
  }
}

@Command({
  name: 'issuer',
  description: 'the issuer that these tables belong to',
  subCommands: [AcceptIssuerCommand],
})
export class IssuerCommand extends GroupCommand {
  protected readonly examples = ['issuer accept'];
}
