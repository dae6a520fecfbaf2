import { caller } from '../../src/conformance/clauses/caller.js';
import { describeClauses } from '../support/conformance.js';

describeClauses(caller);
