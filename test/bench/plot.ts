import { CONNECTIONS, type Results, type Throughput } from './results.js';

const HEIGHT = 400;
const TOP = 92;
const BOTTOM = 330;
const PANEL = { left: 86, width: 215, step: 414 };
/** Of the picture, besides its panels. */
const MARGIN = 32;
const TICKS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
const LABEL_GAP = 17;

const LINES: ReadonlyArray<{ key: keyof Throughput; label: string }> = [
  { key: 'revocations', label: 'revocations' },
  { key: 'commits', label: 'one-row commits' },
  { key: 'trivial', label: 'trivial answers' },
];

/** Colours of their own in light and in dark, ground included: it does not depend on the page it stands on. */
const STYLE = `
    .ground { fill: #ffffff; stroke: #d0d7de } text { fill: #1f2328; font: 13px system-ui, sans-serif }
    .title { font-size: 17px; font-weight: 600 } .panel { font-size: 14px; font-weight: 600 } .soft { fill: #59636e }
    .grid { stroke: #d8dee4 } .axis { stroke: #818b98 } path { fill: none; stroke-linejoin: round }
    .revocations { stroke: #0b5cad; stroke-width: 3.5 } .commits { stroke: #59636e; stroke-width: 1.4 }
    .trivial { stroke: #59636e; stroke-width: 1.4; stroke-dasharray: 5 4 }
    .dot { fill: #0b5cad } .strong { fill: #0b5cad; font-weight: 600 }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117; stroke: #3d444d } text { fill: #f0f6fc } .soft { fill: #9198a1 }
      .grid { stroke: #262c34 } .axis { stroke: #656c76 } .revocations { stroke: #6cb6ff }
      .commits, .trivial { stroke: #9198a1 } .dot, .strong { fill: #6cb6ff }
    }`;

/** Revocations per second against connections, one panel for each database, the floors as thin lines. */
export function plot(results: Map<string, Results>, titles: Record<string, string>): string {
  const all = [...results.values()].flatMap(({ throughput }) => LINES.flatMap(({ key }) => throughput[key]));
  const low = TICKS.findLast((tick) => tick <= Math.min(...all)) ?? TICKS[0]!;
  const high = TICKS.find((tick) => tick >= Math.max(...all)) ?? TICKS.at(-1)!;
  const y: Scale = (value) => BOTTOM - (Math.log(value / low) / Math.log(high / low)) * (BOTTOM - TOP);
  const ticks = TICKS.filter((tick) => tick >= low && tick <= high);
  const panels = [...results].map(([name, { throughput }], i) =>
    panel(PANEL.left + i * PANEL.step, titles[name]!, throughput, ticks, y),
  );
  const width = MARGIN + results.size * PANEL.step;
  const described = [...results].map(([name, { throughput }]) => `${titles[name]}: ${inWords(throughput)}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img" aria-labelledby="bench-title bench-desc">
  <title id="bench-title">Revocations per second at 1, 16 and 64 connections</title>
  <desc id="bench-desc">${described.join(' ')}</desc>
  <style>${STYLE}
  </style>
  <rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${HEIGHT - 1}" rx="10"/>
  <text class="title" x="24" y="34">Revocations per second, beside two floors of the same run</text>
  <text class="soft" x="24" y="${TOP - 16}">per second (log)</text>
${panels.join('\n')}
</svg>
`;
}

type Scale = (value: number) => number;

function panel(left: number, title: string, throughput: Throughput, ticks: number[], y: Scale): string {
  const x: Scale = (i) => left + 20 + (i * (PANEL.width - 40)) / (CONNECTIONS.length - 1);
  const right = left + PANEL.width;
  const labels = apart(LINES.map(({ key, label }) => ({ key, label, y: y(throughput[key].at(-1)!) })));
  const shapes = [
    text('panel', left + PANEL.width / 2, TOP - 16, title, 'middle'),
    ...ticks.map((tick) => `<path class="grid" d="M${left} ${round(y(tick))}H${right}"/>`),
    ...ticks.map((tick) => text('soft', left - 8, y(tick) + 4, count(tick), 'end')),
    `<path class="axis" d="M${left} ${BOTTOM}H${right}"/>`,
    ...CONNECTIONS.map((connections, i) => text('', x(i), BOTTOM + 20, String(connections), 'middle')),
    text('soft', left + PANEL.width / 2, BOTTOM + 42, 'connections', 'middle'),
    ...LINES.map(({ key }) => `<path class="${key}" d="M${throughput[key].map((v, i) => at(x(i), y(v))).join('L')}"/>`),
    ...throughput.revocations.map((v, i) => `<circle class="dot" cx="${round(x(i))}" cy="${round(y(v))}" r="4.5"/>`),
    ...throughput.revocations.map((v, i) => text('strong', x(i), y(v) - 11, count(v), 'middle')),
    ...labels.map((label) =>
      text(label.key === 'revocations' ? 'strong' : 'soft', right + 5, label.y + 4, label.label),
    ),
  ];
  return shapes.map((shape) => `  ${shape}`).join('\n');
}

/** The labels from top to bottom, none on another. */
function apart<T extends { y: number }>(labels: T[]): T[] {
  const placed: T[] = [];
  for (const label of [...labels].sort((a, b) => a.y - b.y)) {
    placed.push({ ...label, y: Math.max(label.y, (placed.at(-1)?.y ?? -Infinity) + LABEL_GAP) });
  }
  return placed;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const at = (x: number, y: number): string => `${round(x)} ${round(y)}`;

/** Two significant figures: the rest is weather. */
export const count = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en');

const inWords = (throughput: Throughput): string =>
  `${LINES.map(({ key, label }) => `${throughput[key].map(count).join(', ')} ${label}`).join('; ')}.`;

function text(kind: string, x: number, y: number, content: string, anchor = 'start'): string {
  const style = kind && ` class="${kind}"`;
  return `<text${style} x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${content}</text>`;
}
