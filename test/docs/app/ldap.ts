interface Entry {
  entryUUID: string;
  mail: string;
  uid: string;
}

export abstract class Ldap {
  abstract search(filter: Partial<Entry>): Promise<Entry[]>;
}
