/** Movement, only for those who do not mind it. */
export const motionStyle = `
@property --glow-a { syntax: "<color>"; inherits: true; initial-value: transparent; }
@property --glow-b { syntax: "<color>"; inherits: true; initial-value: transparent; }
@media (prefers-reduced-motion: no-preference) {
  body { transition: --glow-a .9s ease-out, --glow-b .9s ease-out; }
  .button, .copy { transition: background-color .15s, border-color .15s; }
  .pulse { animation: pulse 1.6s ease-out infinite; }
  .turned h1, .turned .lead, .turned .hero .button { animation: rise .5s ease-out backwards; }
  .turned .lead { animation-delay: .06s; }
  .turned .hero .button { animation-delay: .12s; }
  .turned .shape { animation: fall .5s cubic-bezier(.3, 1.5, .5, 1) backwards; }
  .turned li:nth-child(2) .shape { animation-delay: .07s; }
  .turned li:nth-child(3) .shape { animation-delay: .14s; }
  @keyframes pulse { 50%, to { box-shadow: 0 0 0 .5rem transparent; } from { box-shadow: 0 0 0 0 var(--accent); } }
  @keyframes rise { from { opacity: 0; transform: translateY(.75rem); } }
  @keyframes fall { from { opacity: 0; transform: scale(1.5) rotate(-18deg); } }
}
@media (forced-colors: active) {
  .shape { color: CanvasText !important; }
  .solid + .sign { stroke: Canvas; }
  .standing, .asked, .terminal pre { border: 1px solid CanvasText; }
}
`;
