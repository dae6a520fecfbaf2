import { authority } from '../../../src/conformance/requirements/authority.js';
import { describeRequirements, restrictedCaller } from '../../support/conformance.js';

describeRequirements(authority, {}, restrictedCaller);
