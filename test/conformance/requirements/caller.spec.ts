import { caller } from '../../../src/conformance/requirements/caller.js';
import { describeRequirements } from '../../support/conformance.js';

describeRequirements(caller);
