import { effects } from '../../src/conformance/clauses/effects.js';
import { describeClauses } from '../support/conformance.js';

describeClauses(effects);
