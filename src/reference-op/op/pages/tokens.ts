/** Colours and type of every page. Text contrast is at least 4.5:1, borders of controls 3:1. */
export const tokens = `:root {
  color-scheme: light dark;
  --ground: #eef3f1;
  --glow-a: #d9ebe4;
  --glow-b: #e3e6f4;
  --card: #ffffff;
  --edge: #dfe7e4;
  --text: #17221f;
  --muted: #53625d;
  --control: #788782;
  --field: #fbfdfc;
  --accent: #14635b;
  --accent-strong: #0d4d46;
  --on-accent: #ffffff;
  --tint: #edf5f2;
  --danger: #97231b;
  --danger-tint: #fdf1ef;
  --shadow: 0 1px 2px rgb(20 50 44 / .05), 0 1.25rem 3rem -1rem rgb(20 50 44 / .18);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1514;
    --glow-a: #15312c;
    --glow-b: #1a2033;
    --card: #172120;
    --edge: #283634;
    --text: #e9f0ee;
    --muted: #a5b5b0;
    --control: #74857f;
    --field: #111a19;
    --accent: #7fd4c4;
    --accent-strong: #a3e4d8;
    --on-accent: #07231f;
    --tint: #1c2b29;
    --danger: #ffb8ae;
    --danger-tint: #371d1b;
    --shadow: 0 1.25rem 3rem -1rem rgb(0 0 0 / .6);
  }
}
*, *::before, *::after { box-sizing: border-box; }
html {
  font: 100%/1.55 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", system-ui, sans-serif;
  -webkit-text-size-adjust: 100%;
}
`;

/** Buttons, and the ring around what has the focus. */
export const controls = `.button {
  display: block;
  width: 100%;
  min-height: 3rem;
  padding: .6875rem 1.25rem;
  border: 1px solid var(--control);
  border-radius: .625rem;
  background: transparent;
  color: var(--text);
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-wrap: balance;
  text-decoration: none;
  cursor: pointer;
}
.button:hover { background: var(--tint); }
.button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.button.primary:hover { border-color: var(--accent-strong); background: var(--accent-strong); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
`;
