import { metadata } from '../../../src/conformance/requirements/metadata.js';
import { describeRequirements } from '../../support/conformance.js';

describeRequirements(metadata, { env: { ISSUER: 'https://op.example.com' } });
