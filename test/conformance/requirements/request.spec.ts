import { request } from '../../../src/conformance/requirements/request.js';
import { describeRequirements } from '../../support/conformance.js';

describeRequirements(request);
