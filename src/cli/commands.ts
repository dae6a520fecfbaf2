import { AddClientCommand } from './add-client.command.js';
import { CallersCommand, TestCallerCommand } from './callers.command.js';
import { ChangesCommand, ListChangesCommand, ShowChangeCommand } from './changes.command.js';
import { CloseRevocationsCommand } from './close-revocations.command.js';
import {
  ClientsCommand,
  DisableClientCommand,
  EnableClientCommand,
  ListClientsCommand,
  RemoveClientCommand,
} from './clients.command.js';
import {
  DeliveriesCommand,
  DropDeliveriesCommand,
  ListDeliveriesCommand,
  RetryDeliveriesCommand,
} from './deliveries.command.js';
import { DoctorCommand } from './doctor.command.js';
import { DisableFlagCommand, EnableFlagCommand, FlagsCommand, ListFlagsCommand } from './flags.command.js';
import { MigrateCommand } from './migrate.command.js';
import {
  ListRevocationsCommand,
  RevocationsCommand,
  ShowRevocationCommand,
  TailRevocationsCommand,
} from './revocations.command.js';
import { RevokeCommand } from './revoke.command.js';
import { RotateSecretCommand } from './rotate-secret.command.js';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  ListStreamsCommand,
  PauseStreamCommand,
  ResumeStreamCommand,
  ShowStreamCommand,
  StreamsCommand,
} from './streams.command.js';
import { TuiCommand } from './tui.command.js';
import { EpochsCommand, RaiseAllEpochsCommand } from './epochs.command.js';
import { AcceptIssuerCommand, IssuerCommand } from './issuer.command.js';
import { FindUserCommand, UsersCommand } from './users.command.js';

/** All commands, in the order of the help. */
export const commands = [
  RevokeCommand,
  UsersCommand,
  FindUserCommand,
  RevocationsCommand,
  ListRevocationsCommand,
  ShowRevocationCommand,
  TailRevocationsCommand,
  CloseRevocationsCommand,
  DeliveriesCommand,
  ListDeliveriesCommand,
  RetryDeliveriesCommand,
  DropDeliveriesCommand,
  StreamsCommand,
  ListStreamsCommand,
  ShowStreamCommand,
  CreateStreamCommand,
  PauseStreamCommand,
  ResumeStreamCommand,
  DeleteStreamCommand,
  ClientsCommand,
  ListClientsCommand,
  AddClientCommand,
  RotateSecretCommand,
  DisableClientCommand,
  EnableClientCommand,
  RemoveClientCommand,
  CallersCommand,
  TestCallerCommand,
  FlagsCommand,
  ListFlagsCommand,
  EnableFlagCommand,
  DisableFlagCommand,
  ChangesCommand,
  ListChangesCommand,
  ShowChangeCommand,
  EpochsCommand,
  RaiseAllEpochsCommand,
  IssuerCommand,
  AcceptIssuerCommand,
  MigrateCommand,
  DoctorCommand,
  TuiCommand,
];
