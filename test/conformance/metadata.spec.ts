import { metadata } from '../../src/conformance/clauses/metadata.js';
import { describeClauses } from '../support/conformance.js';

describeClauses(metadata, { env: { ISSUER: 'https://op.example.com' } });
