import { request } from '../../src/conformance/clauses/request.js';
import { describeClauses } from '../support/conformance.js';

describeClauses(request);
