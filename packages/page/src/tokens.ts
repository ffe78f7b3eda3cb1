/** Colours, spacing and type of every page, for light and dark. */
export const tokensCss = `
:root {
  color-scheme: light dark;
  --bg: #f7f8fa; --card: #ffffff; --text: #1b2330; --muted: #5a6678; --line: #d9dee6;
  --accent: #1f5fbf; --good: #16703f; --bad: #b3312c; --good-bg: #e3f4ea; --bad-bg: #fbe6e5; --code: #f0f2f6;
  --space: 12px; --radius: 8px;
  --sans: system-ui, "Segoe UI", sans-serif; --mono: ui-monospace, "Cascadia Mono", Menlo, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #12161c; --card: #1a2029; --text: #e4e9f0; --muted: #9aa7b8; --line: #313a47;
    --accent: #7fb0ff; --good: #6fd39c; --bad: #ff9a94; --good-bg: #173426; --bad-bg: #40201f; --code: #11151b;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.5 var(--sans); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
