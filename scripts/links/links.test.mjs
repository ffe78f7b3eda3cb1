import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { anchors, linkTargets } from "./anchors.mjs";
import { deadLinks, markdownFiles } from "./dead-links.mjs";
import { unprovenRows } from "./seed-rows.mjs";

const dir = mkdtempSync(join(tmpdir(), "mcp-data-links-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("anchors follow GitHub: punctuation goes, spaces become dashes, repeats are numbered", () => {
  const page =
    '# A tool\'s life\n## `run-call` & friends\n## Twice\n## Twice\n```\n# not a heading\n```\n<a id="here"></a>';
  expect([...anchors(page)]).toEqual(["a-tools-life", "run-call--friends", "twice", "twice-1", "here"]);
});

test("targets come from links, images in links, references and HTML, not from code", () => {
  const page =
    '[a](x.md) [![b](i.png)](y.md "t") `[c](no.md)`\n\n[ref]: z.md\n\n<img src="p.svg">\n\n```\n[d](no.md)\n```';
  expect(linkTargets(page).sort()).toEqual(["i.png", "p.svg", "x.md", "y.md", "z.md"]);
});

test("a missing file, a missing heading and a way out are dead; good links and the web are not", () => {
  mkdirSync(join(dir, "docs"));
  writeFileSync(join(dir, "README.md"), "# Top\n");
  const page =
    "# Here\n[1](../README.md) [2](../README.md#top) [3](#here) [4](https://example.org) [5](no.md) [6](../README.md#no) [7](../../x.md)";
  writeFileSync(join(dir, "docs/a.md"), page);
  expect(deadLinks("docs/a.md", dir)).toEqual([
    { file: "docs/a.md", target: "no.md", why: "no such file" },
    { file: "docs/a.md", target: "../README.md#no", why: "no such heading" },
    { file: "docs/a.md", target: "../../x.md", why: "leads out of the repository" },
  ]);
});

test("pages git ignores are not looked at, new ones are", () => {
  execFileSync("git", ["init", "-q"], { cwd: dir });
  writeFileSync(join(dir, ".gitignore"), "node_modules\n");
  mkdirSync(join(dir, "node_modules"));
  writeFileSync(join(dir, "node_modules/x.md"), "");
  expect(markdownFiles(dir).sort()).toEqual(["README.md", "docs/a.md"]);
});

test("a traceability row needs a test or a reason", () => {
  const rows = [
    "| Item | Where | Proof |",
    "|---|---|---|",
    "| a | `tool` | [x](x.test.ts) |",
    "| b | `tool` | Replaced: by c \\| d |",
    "| c | `tool` | Planned: with its server |",
    "| d | `tool` | [x](x.ts) |",
    "| e | `tool` | |",
    "| f | `tool` | Replaced: |",
  ];
  expect(unprovenRows(rows.join("\n"))).toEqual(rows.slice(5));
});

test("a figure is proven by the suite that measures it, not by any file", () => {
  const row = (path) => `| goal | figure | [it](${path}) |`;
  const table = [
    "| item | where | proof |",
    "|---|---|---|",
    row("../../benchmarks/src/suites/a-b.ts"),
    row("../../benchmarks/src/a.ts"),
  ];
  expect(unprovenRows(table.join("\n"))).toEqual(table.slice(3));
});
