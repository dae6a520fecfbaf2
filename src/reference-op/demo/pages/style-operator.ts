/** The operator's panel: dark in both schemes, as terminals are. */
export const operatorStyle = `
.operator {
  --panel: #10201d;
  --accent: #7fd4c4;
  --muted: #a3b8b2;
  --text: #eef6f3;
  border-color: #24403a;
  background: var(--panel);
  color: var(--text);
}
.operator .eyebrow {
  margin: 0 0 .5rem;
  color: var(--accent);
  font: 600 .8125rem/1.5 var(--mono);
  letter-spacing: .04em;
}
.operator p { margin-top: .5rem; color: var(--muted); }
.terminal { position: relative; margin-top: 1.25rem; }
.terminal pre {
  padding: 1rem 1.125rem;
  border: 1px solid #2a4842;
  border-radius: .875rem;
  background: #081412;
  overflow-x: auto;
  overflow-wrap: normal;
}
.terminal code { font: .8125rem/1.75 var(--mono); color: #b9cbc6; user-select: all; }
.terminal b { color: #f2fbf8; font-weight: 400; }
.secret {
  display: inline-block;
  max-width: 7.1ch;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
  vertical-align: bottom;
  color: var(--muted);
}
.copy {
  position: absolute;
  top: .625rem;
  right: .625rem;
  min-width: 4.5rem;
  min-height: 2rem;
  padding: .125rem .75rem;
  border: 1px solid #5d7d75;
  border-radius: .5rem;
  background: #10201d;
  color: var(--text);
  font: inherit;
  font-size: .875rem;
  cursor: pointer;
}
.copy[hidden] { display: none; }
.copy:hover { background: #1d3630; }
.button.danger { margin-top: 1.25rem; border-color: #ff9d90; background: #ff9d90; color: #3a0a05; }
.button.danger:hover { border-color: #ffb9af; background: #ffb9af; }
.operator .fine { margin-top: .75rem; font-size: .9375rem; text-align: center; text-wrap: balance; }
.operator .problem { margin-top: 1.25rem; padding: .625rem .875rem; border-left: 4px solid #ff9d90; background: #2b1512; color: #ffd9d3; }
.terminal:has(+ .reply) pre { border-radius: .875rem .875rem 0 0; }
.operator .reply {
  margin-top: -1px;
  padding: .75rem 1.125rem;
  border: 1px solid #2a4842;
  border-radius: 0 0 .875rem .875rem;
  background: #16302b;
}
.reply code { color: var(--accent); font: 600 .9375rem/1.5 var(--mono); }
.terminal ~ .fine { text-align: left; }
@media (prefers-color-scheme: dark) { .operator { --panel: #101d1b; border-color: #2c4a44; } }
@media (max-width: 34rem) { .terminal pre { padding-top: 3.25rem; } }
`;
