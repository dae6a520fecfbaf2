import { DisableFlagCommand, EnableFlagCommand, FlagsCommand, ListFlagsCommand } from './flags.command.js';
import {
  ListRevocationsCommand,
  RevocationsCommand,
  ShowRevocationCommand,
  TailRevocationsCommand,
} from './revocations.command.js';
import { RevokeCommand } from './revoke.command.js';
import { FindUserCommand, UsersCommand } from './users.command.js';

/** Every command there is, in the order of the help. */
export const commands = [
  RevokeCommand,
  UsersCommand,
  FindUserCommand,
  RevocationsCommand,
  ListRevocationsCommand,
  ShowRevocationCommand,
  TailRevocationsCommand,
  FlagsCommand,
  ListFlagsCommand,
  EnableFlagCommand,
  DisableFlagCommand,
];
