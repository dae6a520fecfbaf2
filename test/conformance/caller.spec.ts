import { caller } from '../../src/conformance/clauses/caller.js';
import { describeClauses, limitedCaller } from '../support/conformance.js';

describeClauses(caller, {}, limitedCaller);
