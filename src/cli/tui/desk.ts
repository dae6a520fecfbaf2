import { createContext, useContext } from 'react';
import type { FeatureFlags, FeatureFlagState } from 'nestjs-global-revocation';
import type { Deliveries } from 'nestjs-global-revocation/administration';
import type { OperatorStreams } from 'nestjs-global-revocation/shared-signals';
import type { ClientAdministration } from '../client-administration.js';
import type { Doctor } from '../doctor.js';
import type { RevocationRecords } from '../revocation-records.js';
import type { UserAdministration } from '../user-administration.js';
import type { UserNames } from '../user-names.js';
import type { Polled } from './use-polled.js';

/** The services of the command line. */
export interface Services {
  flags: FeatureFlags;
  clients: ClientAdministration;
  records: RevocationRecords;
  users: UserAdministration;
  names: UserNames;
  doctor: Doctor;
  /** Reads the latest deliveries, within the database deadline. */
  deliveries: Deliveries['latest'];
  /** Event streams, if Shared Signals are set up. */
  streams: Pick<OperatorStreams, 'all' | 'setStatus'> | undefined;
  /** The actor for the audit record. */
  operator: string;
  /** Issuer of the administered server. */
  issuer: string;
  /** Converts an error to a message for the operator. */
  wordsFor: (error: unknown) => string;
}

/** The context of a view. */
export interface Desk extends Services {
  columns: number;
  /** Height of a view, in lines. */
  rows: number;
  /** Whether the terminal is large enough. */
  isShown: boolean;
  /** Whether the help is shown instead of the view. */
  isHelp: boolean;
  flagStates: Polled<FeatureFlagState[]>;
  /** The result of the last action, or its error. */
  notice: Notice | undefined;
  tell: (notice: Notice | undefined) => void;
  /** Whether a field or a question has the keyboard, so that no key changes the view. */
  isCaptured: boolean;
  capture: (isCaptured: boolean) => void;
}

export interface Notice {
  text: string;
  isError?: boolean;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export const useDesk = (): Desk => useContext(DeskContext)!;

/** Runs an action and shows its result. @returns the result; undefined after an error */
export function useAction(): <T>(act: () => Promise<T>, done?: (result: T) => string) => Promise<T | undefined> {
  const { tell, wordsFor } = useDesk();
  return async (act, done) => {
    try {
      const result = await act();
      tell(done && { text: done(result) });
      return result;
    } catch (error) {
      tell({ text: wordsFor(error), isError: true });
      return undefined;
    }
  };
}
