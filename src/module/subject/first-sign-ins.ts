import { Inject, Injectable, Logger } from '@nestjs/common';
import { DatabaseDeadline } from '../database/deadline.js';
import { SubjectEpochs } from '../revocation/subject-epochs.js';
import { UserDirectory } from './user-directory.js';
import { readUserIdentifier, UNSUPPORTED } from './user-identifier.js';
import { CANDIDATES_MAX } from './user-lookup.service.js';

/**
 * Warns if somebody signs in for the first time under an account id that no revocation would end, because the directory
 * calls the user something else. Never delays a sign-in, and never fails one.
 */
@Injectable()
export class FirstSignIns {
  private readonly logger = new Logger('GlobalRevocation');

  constructor(
    @Inject(SubjectEpochs) epochs: SubjectEpochs,
    @Inject(UserDirectory) private readonly directory: UserDirectory,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {
    epochs.onFirstSignIn = (subject) => void this.check(subject).catch(() => {});
  }

  private async check(subject: string): Promise<void> {
    const { formats } = this.directory;
    const identifier = readUserIdentifier('opaque', { id: subject }, { formats, attributes: [] });
    if (identifier === UNSUPPORTED) return;
    const range = { limit: CANDIDATES_MAX };
    const users = identifier ? await this.deadline.run(() => this.directory.find(identifier, range)) : [];
    if (users.some((user) => user.subject === subject)) return;
    this.logger.warn(
      'somebody signed in for the first time under an account id that is not the `users.subject` of any user, so ' +
        'revocations of this user end nothing: make `users.subject` what you pass to epochForSignIn() and what tokens ' +
        'carry as `sub`, in the same spelling',
    );
  }
}
