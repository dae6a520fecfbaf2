import { CallersCommand } from './callers.command.js';
import { ChangesCommand } from './changes.command.js';
import { ClientsCommand } from './clients.command.js';
import { DeliveriesCommand } from './deliveries.command.js';
import { DoctorCommand } from './doctor.command.js';
import { EpochsCommand } from './epochs.command.js';
import { FlagsCommand } from './flags.command.js';
import { IssuerCommand } from './issuer.command.js';
import { MigrateCommand } from './migrate.command.js';
import { RevocationsCommand } from './revocations.command.js';
import { RevokeCommand } from './revoke.command.js';
import { StreamsCommand } from './streams.command.js';
import { TuiCommand } from './tui.command.js';
import { UsersCommand } from './users.command.js';

/** All commands with their subcommands, in the order of the help. */
export const commands = [
  ...[RevokeCommand, UsersCommand, RevocationsCommand, DeliveriesCommand, StreamsCommand, ClientsCommand],
  ...[CallersCommand, FlagsCommand, ChangesCommand, EpochsCommand, IssuerCommand],
  ...[MigrateCommand, DoctorCommand, TuiCommand],
].flatMap((command) => command.registerWithSubCommands());
