import { availableParallelism, loadavg } from 'node:os';

/** Whether this machine has much else to do: everything takes longer then. */
export const isBusy = (): boolean => loadavg()[0]! > 0.75 * availableParallelism();
