/** The style of the report page; colours were chosen to differ in lightness too, for colour-blind readers and print. */
export const reportStyle = `
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1b2430; --soft: #5b6776; --line: #d9dee5; --track: #eceff3;
  --good: #17743c; --good-bg: #e3f4e9; --bad: #b3261e; --bad-bg: #fbe7e5; --mark: #5b6776;
  --r0: #2f6db5; --r1: #178a72; --r2: #b8650b; --r3: #7d58b8; --r4: #b84a78; --r5: #6a7480;
  --on: #ffffff; --hatch: #8b96a5; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12161c; --card: #1a2029; --ink: #e6eaf0; --soft: #9ba7b6; --line: #303947; --track: #252d39;
  --good: #6fd197; --good-bg: #16321f; --bad: #ff9b91; --bad-bg: #431c1a; --mark: #9ba7b6;
  --r0: #6aa5ea; --r1: #3fbfa2; --r2: #f0a548; --r3: #b594ea; --r4: #e88bb1; --r5: #9ba7b6;
  --on: #10151b; --hatch: #6c7888; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif; }
main { max-width: 1060px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 0; line-height: 1.3; }
h3 { font-size: 15px; margin: 20px 0 6px; }
p { margin: 6px 0; }
a { color: inherit; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin-top: 20px; }
.top { display: flex; gap: 12px; align-items: flex-start; justify-content: space-between; flex-wrap: wrap; }
.verdict { border-radius: 999px; padding: 3px 12px; font-weight: 600; font-size: 14px; white-space: nowrap; }
.verdict.good { background: var(--good-bg); color: var(--good); }
.verdict.bad { background: var(--bad-bg); color: var(--bad); }
.overview { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px; margin-top: 20px; }
.overview a { display: flex; flex-direction: column; align-items: flex-start; background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 14px 16px; text-decoration: none; }
.overview a:hover, .overview a:focus-visible { border-color: var(--soft); }
.overview strong { margin-bottom: 8px; line-height: 1.35; }
.overview .verdict { margin-top: auto; font-size: 13px; padding: 2px 10px; }
.overview .soft { display: block; margin-top: 8px; font-size: 13.5px; }
dl.facts { display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 12px 0 14px; }
dl.facts dt { color: var(--soft); font-size: 12.5px; }
dl.facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
dl.facts .bad { color: var(--bad); }
.scroll { overflow-x: auto; }
.chart { overflow-x: auto; }
.chart svg { display: block; width: 100%; min-width: 720px; height: auto; }
svg text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif; fill: var(--ink); }
svg .host { text-anchor: end; }
svg .final { font-weight: 600; }
svg .tick { text-anchor: middle; fill: var(--soft); font-size: 12px; }
svg .grid { stroke: var(--line); }
svg .track { fill: var(--track); }
svg .label { fill: var(--on); font-weight: 600; font-size: 12.5px; }
svg .requests { fill: var(--hatch); opacity: 0.45; }
.release-0 { fill: var(--r0); background: var(--r0); } .release-1 { fill: var(--r1); background: var(--r1); }
.release-2 { fill: var(--r2); background: var(--r2); } .release-3 { fill: var(--r3); background: var(--r3); }
.release-4 { fill: var(--r4); background: var(--r4); } .release-5 { fill: var(--r5); background: var(--r5); }
.changing { fill: url(#changing); background: repeating-linear-gradient(45deg, var(--hatch) 0 2px, transparent 2px 6px); }
.down { fill: var(--bad); background: var(--bad); }
.marker line { stroke: var(--mark); stroke-width: 1; stroke-dasharray: 3 3; }
.marker rect { fill: var(--card); stroke: var(--mark); stroke-width: 1.4; }
.marker text { text-anchor: middle; font-size: 11.5px; font-weight: 600; }
.marker.smoke-fail line, .marker.smoke-fail rect, .marker.rollback line, .marker.rollback rect { stroke: var(--bad); stroke-width: 1.8; }
.marker.smoke-fail text, .marker.rollback text { fill: var(--bad); }
.marker.smoke-pass rect, .marker.approval rect { stroke: var(--good); stroke-width: 1.8; }
.marker.smoke-pass text, .marker.approval text { fill: var(--good); }
.key { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 4px 0 0; padding: 0; font-size: 13.5px; color: var(--soft); }
.key i { display: inline-block; width: 18px; height: 11px; border-radius: 3px; margin-right: 6px; border: 1px solid transparent; }
.key i.changing { border-color: var(--hatch); }
ol.events { columns: 2; column-gap: 36px; margin: 10px 0 0; padding: 0; list-style: none; font-size: 14px; }
ol.events li { break-inside: avoid; display: flex; gap: 8px; padding: 2px 0; }
ol.events .at { color: var(--soft); min-width: 52px; text-align: right; font-variant-numeric: tabular-nums; }
ol.events .number { min-width: 20px; text-align: right; font-weight: 600; }
ol.events .failure { color: var(--bad); }
@media (max-width: 760px) { ol.events { columns: 1; } }
ul.problems { color: var(--bad); }
details { border-top: 1px solid var(--line); margin-top: 16px; padding-top: 12px; }
summary { cursor: pointer; font-weight: 600; }
.markdown { border-left: 3px solid var(--line); padding-left: 16px; margin-top: 10px; font-size: 14px; }
.markdown .heading { font-weight: 700; margin-top: 14px; }
table { border-collapse: collapse; font-size: 13.5px; margin: 8px 0; }
th, td { border: 1px solid var(--line); padding: 4px 10px; text-align: left; vertical-align: top; }
th { background: var(--track); }
code, pre { font: 12.5px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace; }
code { background: var(--track); padding: 1px 4px; border-radius: 4px; overflow-wrap: anywhere; }
pre { background: var(--track); padding: 10px 12px; border-radius: 6px; overflow-x: auto; }
@media print { body { background: none; } .card { break-inside: avoid; } }
`;
