import type { LogoutSubject } from '../../../src/module/index.js';

interface OwnClient {
  clientId: string;
  logoutUri?: string;
  needsSid: boolean;
}

export abstract class ClientStore {
  abstract find(clientId: string): Promise<OwnClient | undefined>;
}

export declare function signLogoutToken(client: OwnClient, subject: LogoutSubject): Promise<string>;
