import { IsInt, Max, Min } from 'class-validator';

import { integer } from './settings-kinds.js';
import { Setting } from './settings-table.js';

/** Declares a setting that is a whole number within limits. */
export const WholeNumber =
  (min: number, max: number, { unit, ...options }: { unit?: string; env?: string } = {}) =>
  (target: object, key: string): void => {
    const number = unit === undefined ? 'a whole number' : `a whole number of ${unit}`;
    Setting({ kind: integer, allowed: `${number} from ${min} to ${max}`, ...options })(target, key);
    for (const rule of [IsInt(), Min(min), Max(max)]) rule(target, key);
  };
