/** A problem with the configuration of the module, or with its environment. @publicApi */
export interface Finding {
  /** What was checked. */
  check:
    | 'versions'
    | 'issuer'
    | 'scopes'
    | 'entities'
    | 'tables'
    | 'users'
    | 'targets'
    | 'database'
    | 'durability'
    | 'path'
    | 'metadata'
    | 'guards';
  /** The problem and its fix. */
  message: string;
  /** Whether it prevents startup. */
  isFatal: boolean;
}

export const fatal = (check: Finding['check'], message: string): Finding => ({ check, message, isFatal: true });

export const warning = (check: Finding['check'], message: string): Finding => ({ check, message, isFatal: false });
