export const pageCss = `
header { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 4px var(--space); align-items: baseline; padding: var(--space) calc(var(--space) * 2); border-bottom: 1px solid var(--line); background: var(--card); }
h1 { font-size: 20px; margin: 0; } h2 { font-size: 16px; margin: 0 0 var(--space); }
h2, h3, p, #who { overflow-wrap: anywhere; } #detail-title:focus { outline: 0; }
.cast { display: flex; gap: 8px; flex-wrap: wrap; } .cast input { flex: 1 1 160px; min-width: 0; } button:disabled { opacity: .5; cursor: default; }
#who { margin-left: auto; color: var(--muted); } #state { color: var(--muted); font-size: 13px; } #state.away { color: var(--bad); }
#error { flex: 1 1 100%; background: var(--bad-bg); color: var(--bad); padding: 8px 12px; border-radius: var(--radius); margin: 4px 0 0; overflow-wrap: anywhere; }
[id] { scroll-margin-top: 96px; } #signout { padding: 0 8px; font-size: 13px; } #signin form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; } #signin label { display: flex; gap: 8px; align-items: center; }
.bar { display: flex; gap: 0 var(--space); justify-content: space-between; align-items: start; flex-wrap: wrap; } .bar input { flex: 0 1 260px; min-width: 0; margin-bottom: 8px; }
main { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: var(--space); padding: calc(var(--space) * 2); max-width: 1200px; margin: 0 auto; align-items: start; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: calc(var(--space) * 1.3); min-width: 0; }
.card > div > :last-child, .card > p:last-child, .proposal:last-child > :last-child { margin-bottom: 0; } .proposal:last-child { padding-bottom: 0; }
.wide { grid-column: 1 / -1; } .note { margin: 0 0 var(--space); padding: 8px 12px; background: var(--code); border-radius: 6px; } .note + .proposal { border-top: 0; padding-top: 0; } .muted { color: var(--muted); }
.proposal { border-top: 1px solid var(--line); padding: var(--space) 0; } .proposal:first-child { border-top: 0; padding-top: 0; }
.proposal h3 { font-size: 15px; margin: 0; } .proposal p { margin: 6px 0; } .badge { display: inline-block; font-size: 12px; font-weight: 400; padding: 1px 8px; border-radius: 10px; background: var(--code); color: var(--muted); }
.badge.good { background: var(--good-bg); color: var(--good); } .badge.bad { background: var(--bad-bg); color: var(--bad); }
button { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 4px 12px; cursor: pointer; }
button.primary { background: var(--accent); color: var(--card); border-color: var(--accent); } button:hover { border-color: var(--accent); }
input::placeholder { color: var(--muted); opacity: 1; }
input { font: inherit; color: var(--text); background: var(--bg); border: 1px solid var(--line); border-radius: 6px; padding: 4px 8px; }
pre.diff { background: var(--code); border-radius: 6px; padding: 8px; overflow: auto; font: 13px/1.45 var(--mono); margin: 8px 0; max-height: 320px; }
.diff span { display: block; white-space: pre-wrap; overflow-wrap: anywhere; } .diff .cut { color: var(--bad); } .proposal > button { margin-bottom: 8px; } .diff .add { background: var(--good-bg); color: var(--good); } .diff .del { background: var(--bad-bg); color: var(--bad); }
.vtable { max-height: 380px; overflow: auto; position: relative; }
.vhead, .vrow { display: grid; grid-template-columns: 90px minmax(0, 1.4fr) minmax(0, 3fr) 70px 70px 80px; gap: 8px; text-align: left; }
.vhead { position: sticky; top: 0; background: var(--card); color: var(--muted); font-size: 13px; z-index: 1; padding: 4px 8px; border-bottom: 1px solid var(--line); }
.vbody { position: relative; height: calc(var(--rows, 0) * 36px); }
.vrow { position: absolute; top: calc(var(--at) * 36px); left: 0; right: 0; height: 36px; border: 0; border-bottom: 1px solid var(--line); border-radius: 0; padding: 6px 8px; }
.vrow span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.vrow:focus-visible, #items:focus-visible { outline-offset: -2px; }
svg { display: block; width: 100%; } svg .day { fill: transparent; } svg line { stroke: var(--line); } .badge.ran { color: var(--card); background: var(--accent); } svg text { fill: var(--muted); font: 11px var(--sans); } svg .ok { fill: var(--accent); } svg .failed { fill: var(--bad); }
@media (max-width: 800px) {
  main { grid-template-columns: minmax(0, 1fr); padding: var(--space); }
  #who { order: 1; flex-basis: 100%; margin: 0; } #state { margin-left: auto; } #error { order: 2; } .bar input { flex-basis: 100%; }
  .cast input { flex-basis: 100%; } .cast button { flex: 1; } svg text { font-size: 17px; }
  .vhead, .vrow { grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr) 50px; }
  .vhead span:is(:nth-child(1), :nth-child(5), :nth-child(6)), .vrow span:is(:nth-child(1), :nth-child(5), :nth-child(6)) { display: none; }
}
`;
