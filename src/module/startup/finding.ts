/** Something wrong with how the module is composed, or with what it runs on. @publicApi */
export interface Finding {
  /** What was checked. */
  check:
    'scopes' | 'entities' | 'tables' | 'users' | 'targets' | 'database' | 'durability' | 'path' | 'metadata' | 'guards';
  /** What is wrong, and what to do about it. */
  message: string;
  /** Whether the module must not start so. */
  isFatal: boolean;
}

export const fatal = (check: Finding['check'], message: string): Finding => ({ check, message, isFatal: true });

/** A finding with which the module starts. */
export const warning = (check: Finding['check'], message: string): Finding => ({ check, message, isFatal: false });
