import { styleSheet } from './style-sheet.js';

/** The style sheet of the sign-in pages. */
export const style = styleSheet(import.meta.url, ['sign-in.css']);
