export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>jq library</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/ui/page.css">
<script type="module" src="/ui/page.js"></script>
</head>
<body>
<header><h1>jq library</h1><span id="who"></span><span id="state" role="status">loading</span></header>
<main>
<section id="signin" class="card" hidden><h2>Sign in</h2><form><label>API key <input type="password" name="key" autocomplete="off" required></label> <button>Use</button></form><p class="muted">It stays in this tab.</p></section>
<p id="error" role="alert" hidden></p>
<section class="card"><h2>Open proposals</h2><div id="proposals"></div></section>
<section class="card"><h2>Use per day</h2><div id="chart"></div></section>
<section class="card wide"><h2 id="items-title">Library</h2><div id="items"></div></section>
<section class="card wide" id="detail" hidden><h2 id="detail-title" tabindex="-1"></h2><div id="versions"></div></section>
<section class="card wide" id="conflicts-card" hidden><h2>Conflicts</h2><div id="conflicts"></div></section>
<section class="card wide"><h2>Decided proposals</h2><div id="decided"></div></section>
</main>
</body>
</html>
`;
