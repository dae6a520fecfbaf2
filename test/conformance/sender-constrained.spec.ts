import { senderConstrained } from '../../src/conformance/clauses/sender-constrained.js';
import { describeClauses } from '../support/conformance.js';

const { title, clauses } = senderConstrained;
describeClauses({ title, clauses: clauses.filter(({ source }) => source.startsWith('RFC 9449')) });
