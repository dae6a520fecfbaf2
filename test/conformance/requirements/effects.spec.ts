import { effects } from '../../../src/conformance/requirements/effects.js';
import { describeRequirements } from '../../support/conformance.js';

describeRequirements(effects);
