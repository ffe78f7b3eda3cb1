export const pageHtml = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Notebook lineage</title>
<link rel="stylesheet" href="/page.css"></head>
<body>
<header><h1>Notebook lineage</h1><label>Notebook <select id="notebook"></select></label>
<label>Find <input id="find" type="search" placeholder="cell or frame" autocomplete="off"></label><span id="live" role="status">connecting</span></header>
<main><section id="graph" aria-label="Lineage graph"><svg id="picture" role="group" aria-label="Cells and the frames between them"></svg></section>
<aside id="detail" aria-live="polite"><p>Choose a cell or a frame. Arrow keys move along the graph, Enter shows details.</p></aside></main>
<script src="/page.js" type="module"></script>
</body></html>
`;
