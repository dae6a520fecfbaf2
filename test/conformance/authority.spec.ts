import { authority } from '../../src/conformance/clauses/authority.js';
import { describeClauses, limitedCaller } from '../support/conformance.js';

describeClauses(authority, {}, limitedCaller);
