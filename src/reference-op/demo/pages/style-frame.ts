/** Ground, bar, headline and the columns below. */
export const frameStyle = `
:root {
  --rose-a: #f7dcd6;
  --rose-b: #f3e4ec;
  --sand-a: #efe7d3;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) { :root { --rose-a: #45201c; --rose-b: #2b1a2a; --sand-a: #33291a; } }
body:has([data-mood="ended"]) { --glow-a: var(--rose-a); --glow-b: var(--rose-b); }
body:has([data-mood="partly"]), body:has([data-mood="unknown"]) { --glow-a: var(--sand-a); }
body {
  margin: 0 auto;
  min-height: 100vh;
  min-height: 100dvh;
  padding: 0 clamp(1rem, 4vw, 3rem) clamp(2rem, 5vw, 4rem);
  color: var(--text);
  background:
    linear-gradient(var(--glow-a), transparent min(38rem, 70%)),
    linear-gradient(to top, var(--glow-b), transparent min(22rem, 40%)),
    var(--ground);
  background-attachment: fixed;
  overflow-wrap: anywhere;
}
.bar, main { max-width: 74rem; margin-inline: auto; }
h1, h2, h3, p, ul, dl, dd, pre { margin: 0; }
h1 {
  font-size: clamp(2.375rem, 1.5rem + 4.2vw, 4.25rem);
  line-height: 1.02;
  font-weight: 680;
  letter-spacing: -.035em;
  text-wrap: balance;
  outline: none;
}
h2 { font-size: 1.375rem; line-height: 1.25; font-weight: 650; letter-spacing: -.02em; text-wrap: balance; }
h3 { font-size: 1.0625rem; line-height: 1.4; font-weight: 650; letter-spacing: -.01em; }
p { text-wrap: pretty; }
a { color: inherit; text-decoration-color: var(--control); text-underline-offset: .2em; }
a:hover { text-decoration-color: currentColor; }
strong { font-weight: 600; color: var(--text); }
time { font-variant-numeric: tabular-nums; }
.whole, time { white-space: nowrap; }
ul { padding: 0; list-style: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.lost {
  position: fixed;
  z-index: 1;
  inset: auto 1rem 1rem;
  width: fit-content;
  margin-inline: auto;
  padding: .75rem 1.25rem;
  border-radius: .75rem;
  background: var(--text);
  color: var(--ground);
}
.lost[hidden] { display: none; }
.bar { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1.5rem; padding-block: 1.5rem; }
.brand { display: flex; align-items: center; gap: .75rem; font-weight: 650; letter-spacing: -.01em; text-decoration: none; }
.mark { width: 2rem; height: 2rem; flex: none; }
.mark-ground { fill: var(--accent); }
.mark-hole { fill: var(--on-accent); }
.provider { align-self: center; color: var(--muted); font-size: .9375rem; }
.provider code { margin-left: .375rem; font: .8125rem var(--mono); color: var(--text); }
.hero { padding-block: clamp(1.5rem, 4vw, 3rem) clamp(1.75rem, 3.5vw, 2.75rem); }
.lead { max-width: 43rem; margin-top: 1.125rem; color: var(--muted); font-size: clamp(1.0625rem, 1rem + .4vw, 1.25rem); line-height: 1.5; }
.hero .button { display: inline-block; width: auto; min-width: 12rem; margin-top: 1.75rem; }
.note { margin-top: 1.5rem; color: var(--muted); font-size: .9375rem; }
.columns { display: grid; gap: clamp(1rem, 2.5vw, 1.75rem); align-items: start; }
.card {
  min-width: 0;
  padding: clamp(1.25rem, 3vw, 2rem);
  border: 1px solid var(--edge);
  border-radius: 1.5rem;
  background: var(--card);
  box-shadow: var(--shadow);
}
.start .lead { max-width: 34rem; }
.trio { display: flex; align-items: center; gap: .5rem; margin-top: clamp(2rem, 5vw, 4rem); }
.trio .shape { width: 2rem; }
.trio .shape:nth-of-type(n + 4) { color: var(--danger); }
.trio i { flex: 0 1 5rem; margin-inline: .75rem; border-top: 2px dashed var(--control); }
.people > p { margin-top: .375rem; color: var(--muted); }
.people ul { margin-top: 1rem; }
.people li { padding-block: 1rem; border-top: 1px solid var(--edge); }
.people li:last-child { padding-bottom: 0; }
.people dl { display: grid; gap: .125rem; margin-top: .375rem; font-size: .9375rem; }
.people dl div { display: grid; grid-template-columns: 5.5rem 1fr; }
.people dt { color: var(--muted); }
.people dd { font: .875rem/1.7 var(--mono); user-select: all; }
@media (max-width: 61.99rem) {
  .hero .other { display: inline; min-width: 0; padding: 0; border: 0; font-weight: 400; text-decoration: underline; }
  .hero p:has(.other) { margin-top: 1rem; }
}
@media (min-width: 62rem) {
  .hero.split { display: grid; grid-template-columns: 1fr auto; gap: 0 2rem; align-items: end; }
  .hero.split h1 { grid-column: 1 / -1; }
  .hero.split .button { margin-top: 0; }
  .columns { grid-template-columns: minmax(0, 1fr) minmax(0, 30.5rem); align-items: stretch; }
  .columns.start { align-items: center; min-height: 74vh; }
}
`;
