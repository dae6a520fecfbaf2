import { createHash } from 'node:crypto';
import { controls, tokens } from './tokens.js';

/** The one style sheet of the sign-in pages. */
export const style = `
${tokens}body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  display: grid;
  justify-items: center;
  align-items: center;
  padding: clamp(1rem, 4vw, 3rem);
  color: var(--text);
  background:
    radial-gradient(60rem 40rem at 12% -8%, var(--glow-a), transparent 70%),
    radial-gradient(50rem 40rem at 100% 105%, var(--glow-b), transparent 70%),
    var(--ground);
  background-attachment: fixed;
  overflow-wrap: anywhere;
}
main {
  width: 100%;
  max-width: 27rem;
  padding: clamp(1.5rem, 6vw, 2.5rem);
  border: 1px solid var(--edge);
  border-radius: 1.25rem;
  background: var(--card);
  box-shadow: var(--shadow);
}
.mark { display: block; width: 2.75rem; height: 2.75rem; margin-bottom: 1.5rem; }
.mark-ground { fill: var(--accent); }
.mark-hole { fill: var(--on-accent); }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.02em; text-wrap: balance; }
p { margin: .75rem 0 0; text-wrap: pretty; }
.muted { color: var(--muted); }
strong { font-weight: 600; color: var(--text); }
.error {
  margin-top: 1.5rem;
  padding: .75rem 1rem;
  border: 1px solid var(--danger);
  border-left-width: .3125rem;
  border-radius: .625rem;
  background: var(--danger-tint);
  color: var(--danger);
}
.error p { margin: 0; }
.field { margin-top: 1.25rem; }
.field:first-of-type { margin-top: 1.5rem; }
label { display: block; font-weight: 600; }
.hint { margin: .125rem 0 0; color: var(--muted); font-size: .9375rem; }
input {
  width: 100%;
  min-height: 3rem;
  margin-top: .375rem;
  padding: .625rem .875rem;
  border: 1px solid var(--control);
  border-radius: .625rem;
  background: var(--field);
  color: inherit;
  font: inherit;
}
input[aria-invalid] { border-color: var(--danger); }
input[name="user_code"] { font: 1.25rem/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; letter-spacing: .08em; text-transform: uppercase; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.75rem; }
.actions > * { flex: 1 1 9rem; }
.actions.stack { flex-direction: column; }
.actions.stack > * { flex: none; }
form + form .actions { margin-top: .75rem; }
${controls}input:focus-visible { outline-offset: 1px; }
.scopes { margin: 1.5rem 0 0; padding: 0; list-style: none; border: 1px solid var(--edge); border-radius: .75rem; }
.scopes li { padding: .75rem 1rem; }
.scopes li + li { border-top: 1px solid var(--edge); }
code { font: .875rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: var(--muted); }
.scopes code { display: block; }
.code {
  margin-top: 1.5rem;
  padding: 1rem .5rem;
  border-radius: .75rem;
  background: var(--tint);
  text-align: center;
}
.code + p { margin-top: 1.25rem; }
.code code { font-size: clamp(1.5rem, 8vw, 2.125rem); font-weight: 600; letter-spacing: .08em; color: var(--text); }
@media (prefers-reduced-motion: no-preference) {
  main { animation: arrive .35s ease-out; }
  .button { transition: background-color .15s, border-color .15s; }
  @keyframes arrive { from { opacity: 0; transform: translateY(.5rem); } }
}
`;

/** Source expression for `Content-Security-Policy: style-src '…'`. */
export const hashOf = (sheet: string): string => `sha256-${createHash('sha256').update(sheet).digest('base64')}`;

/** {@link hashOf} the sheet above. */
export const styleHash = hashOf(style);
