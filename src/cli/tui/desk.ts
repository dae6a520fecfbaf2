import { createContext, useContext } from 'react';
import type { FeatureFlags, FeatureFlagState } from 'nestjs-global-revocation';
import type { ClientAdministration } from '../client-administration.js';
import type { Doctor } from '../doctor.js';
import type { RevocationRecords } from '../revocation-records.js';
import type { UserAdministration } from '../user-administration.js';
import type { UserNames } from '../user-names.js';
import type { Polled } from './use-polled.js';

/** The services of the command line, which do all the work here too. */
export interface Services {
  flags: FeatureFlags;
  clients: ClientAdministration;
  records: RevocationRecords;
  users: UserAdministration;
  names: UserNames;
  doctor: Doctor;
  /** Whom the audit record names for what is done here. */
  operator: string;
  /** Issuer of the server that is administered. */
  issuer: string;
  /** What went wrong, in words for the operator. */
  wordsFor: (error: unknown) => string;
}

/** What a view works with. */
export interface Desk extends Services {
  columns: number;
  /** Lines a view has for itself. */
  rows: number;
  /** Whether the terminal is large enough for it. */
  isShown: boolean;
  /** Whether the help is shown instead of it. */
  isHelp: boolean;
  flagStates: Polled<FeatureFlagState[]>;
  /** What was just done, or went wrong. */
  notice: Notice | undefined;
  tell: (notice: Notice | undefined) => void;
  /** While somebody types or answers a question, no key changes the view. */
  isCaptured: boolean;
  capture: (isCaptured: boolean) => void;
}

export interface Notice {
  text: string;
  isFault?: boolean;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export const useDesk = (): Desk => useContext(DeskContext)!;

/** Does something and says how that ended. @returns what it returned; undefined after a fault */
export function useAction(): <T>(act: () => Promise<T>, done?: (result: T) => string) => Promise<T | undefined> {
  const { tell, wordsFor } = useDesk();
  return async (act, done) => {
    try {
      const result = await act();
      tell(done && { text: done(result) });
      return result;
    } catch (error) {
      tell({ text: wordsFor(error), isFault: true });
      return undefined;
    }
  };
}
