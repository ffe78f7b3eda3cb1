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
<header><h1>jq library</h1><span id="who"></span><span id="state" role="status">loading</span><button id="signout" hidden>Sign out</button><p id="error" role="alert" hidden></p></header>
<main>
<section id="signin" class="card" hidden><h2>Sign in</h2><form><label>API key <input type="password" name="key" autocomplete="off" required></label><button>Use</button></form><p class="muted">It stays in this tab.</p></section>
<section class="card" data-inside hidden><h2>Open proposals</h2><div id="proposals"></div></section>
<section class="card" data-inside hidden><h2>Use of the last 30 days</h2><div id="chart"></div></section>
<section class="card wide" data-inside hidden><div class="bar"><h2 id="items-title">Library</h2><input id="filter" type="search" placeholder="Filter" aria-label="Filter the library"></div><div id="items"></div></section>
<section class="card wide" id="detail" hidden><h2 id="detail-title" tabindex="-1"></h2><div id="versions"></div></section>
<section class="card wide" id="conflicts-card" hidden><h2>Conflicts</h2><p class="muted">Two instances changed the same entry at the same time: the change that came second is kept here until an admin settles it with resolve_conflict.</p><div id="conflicts"></div></section>
<section class="card wide" data-inside hidden><h2>Decided proposals</h2><div id="decided"></div></section>
</main>
</body>
</html>
`;
