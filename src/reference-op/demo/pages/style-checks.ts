/** The person, and the rail on which session and tokens hang. */
export const checksStyle = `
.checks { --node: 2.75rem; --gap: 1.125rem; --pad: 1.75rem; }
.person { position: relative; display: grid; grid-template-columns: var(--node) 1fr auto; gap: .25rem var(--gap); align-items: start; }
.person > div { min-width: 0; }
.person p { color: var(--muted); font-size: .9375rem; }
.face {
  display: grid;
  place-items: center;
  width: var(--node);
  height: var(--node);
  border-radius: 50%;
  background: var(--text);
  color: var(--card);
  font-weight: 650;
  letter-spacing: .01em;
}
.asked {
  display: flex;
  align-items: center;
  gap: .375rem;
  margin-top: .375rem;
  padding: .25rem .75rem;
  border-radius: 1rem;
  background: var(--tint);
  white-space: nowrap;
}
.pulse { margin-right: .125rem; width: .5rem; height: .5rem; border-radius: 50%; background: var(--accent); }
.rail > li {
  position: relative;
  display: grid;
  grid-template-columns: var(--node) 1fr;
  gap: var(--gap);
  padding-top: var(--pad);
}
.rail > li > div { min-width: 0; }
.person::after, .rail > li:not(:last-child)::after {
  content: "";
  position: absolute;
  top: calc(var(--pad) + var(--node) + .375rem);
  bottom: -1.375rem;
  left: calc(var(--node) / 2 - 1px);
  border-left: 2px solid var(--accent);
}
.person::after { --pad: 0rem; }
.shape { position: relative; width: var(--node); height: auto; aspect-ratio: 1; color: var(--accent); overflow: visible; }
.solid { fill: currentColor; }
.hollow { fill: var(--card); stroke: currentColor; stroke-width: 2.25; stroke-linejoin: round; }
.dashed { stroke-dasharray: 4 3.5; }
.sign { fill: none; stroke: currentColor; stroke-width: 2.75; stroke-linecap: round; stroke-linejoin: round; }
.solid + .sign { stroke: var(--on-accent); }
.rail h3 { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .125rem .75rem; }
.rail p { margin-top: .125rem; color: var(--muted); }
.standing {
  padding: .0625rem .75rem;
  border: 1px solid transparent;
  border-radius: 1rem;
  background: var(--tint);
  color: var(--accent);
  font-size: .9375rem;
}
.evidence { display: flex; flex-wrap: wrap; gap: .125rem 1.25rem; margin-top: .5rem; font: .8125rem/1.5 var(--mono); }
.evidence div { display: flex; gap: .5rem; }
.evidence dt { color: var(--muted); }
.evidence dt::after { content: " →"; }
.evidence dd { color: var(--text); }
[data-standing="ended"] .shape { color: var(--danger); }
[data-standing="ended"] .standing { border-color: var(--danger); background: none; color: var(--danger); }
[data-standing="unknown"] .shape { color: var(--control); }
[data-standing="unknown"] .standing { border: 1px dashed var(--control); background: none; color: var(--muted); }
.checks:has(.rail > li:first-child:not([data-standing="alive"])) .person::after, .rail > li:is([data-standing="ended"], [data-standing="unknown"])::after {
  border-left: 2px dashed var(--control);
}
@media (max-width: 34rem) {
  .checks { --node: 2.25rem; --gap: .875rem; }
  .person { grid-template-columns: var(--node) 1fr; }
  .asked { grid-column: 2; justify-self: start; margin-top: .125rem; }
}
`;
