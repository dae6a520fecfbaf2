import { isDriverError } from '../database/driver-errors.js';

/** Returns the error of `work` if a table or a column is missing. @throws any other error */
export async function missingSchema(work: Promise<unknown>): Promise<Error | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!isDriverError(error, 'missingSchema')) throw error;
    return error as Error;
  }
}

/** Returns the result of `work`; undefined if a table or a column is missing, which is another check's finding. */
export const unlessMissing = async <T>(work: Promise<T>): Promise<T | undefined> =>
  (await missingSchema(work)) ? undefined : work;
