import { hashOf } from '../../op/pages/style.js';
import { controls, tokens } from '../../op/pages/tokens.js';
import { checksStyle } from './style-checks.js';
import { frameStyle } from './style-frame.js';
import { motionStyle } from './style-motion.js';
import { operatorStyle } from './style-operator.js';

/** The style sheet of the demo page: the colours and buttons of the sign-in pages, and its own layout. */
export const sheet = `
${[tokens, controls, frameStyle, checksStyle, operatorStyle, motionStyle].join('')}`;

export const sheetHash = hashOf(sheet);
