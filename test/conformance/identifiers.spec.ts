import { identifiers } from '../../src/conformance/clauses/identifiers.js';
import { describeClauses } from '../support/conformance.js';

describeClauses(identifiers);
