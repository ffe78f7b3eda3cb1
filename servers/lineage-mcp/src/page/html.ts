export const pageHtml = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Notebook lineage</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body>
<header><h1>Notebook lineage</h1>
<label>Notebook <select id="notebook"></select></label>
<label>Find <input id="find" type="search" placeholder="cell, frame or column" autocomplete="off"></label><span id="hits" role="status"></span>
<span class="zoom" role="group" aria-label="Zoom"><button id="out" type="button" aria-label="Smaller">−</button><button id="fit" type="button">Fit</button><button id="in" type="button" aria-label="Larger">+</button></span>
<span id="live" role="status">connecting</span></header>
<main><section id="graph" aria-label="Lineage graph"><div id="empty" hidden></div><svg id="picture" role="group" aria-label="Cells and the frames between them"></svg></section>
<aside id="side" aria-label="Details"><div id="detail" aria-live="polite"></div>
<section id="problems" aria-label="Failed and slow cells"></section>
<p class="legend"><span class="key completed">ran</span> <span class="key running">running</span> <span class="key slow">slow</span> <span class="key failed">failed</span> <span class="key never">not run</span> <span class="key frame">frame or file</span></p>
<p class="hint">Arrow keys move along the graph, Enter shows details, Escape lets go, / finds.</p></aside></main>
<script src="/page.js" type="module"></script>
</body></html>
`;
