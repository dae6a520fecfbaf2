import { styleSheet } from '../../op/pages/style-sheet.js';

/** The style sheet of the demo page: the colours and buttons of the sign-in pages, and its own layout. */
export const style = styleSheet(import.meta.url, [
  '../../pages/site.css',
  'frame.css',
  'checks.css',
  'jwt-panel.css',
  'operator.css',
  'motion.css',
]);
