import { describeRunLog } from './run-log-comparison.js';

describeRunLog();
