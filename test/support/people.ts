import { demoClients, demoPeople } from '../../src/reference-op/demo-data.js';

const person = (uid: string) => demoPeople.find((someone) => someone.uid === uid)!;
export const alice = person('alice');
export const bob = person('bob');
export const breakfast = person('breakfast');
export type Person = (typeof demoPeople)[number];

const client = (id: string) => demoClients.find(({ clientId }) => clientId === id)!;
export const demoApp = client('demo-app');
export const demoDevice = client('demo-device');
export const demoOperator = client('demo-operator');
export const demoNoScope = client('demo-noscope');

export const callback = demoApp.metadata.redirect_uris[0] as string;
