import { expect, test } from "vitest";
import { findings } from "./findings.mjs";

const why = (file, text) => findings(file, text).map((finding) => finding.why);

test.each([
  [
    "pnpm-lock.yaml",
    `resolution: {tarball: https:${"//"}mirror.example/x.tgz}`,
    "names a package registry's host",
  ],
  ["README.md", `see registry${"."}npmjs.org`, "names a package registry's host"],
  ["a.ts", `const dir = "${"/"}home/someone/x";`, "names a path of one machine"],
  ["a.md", `run it in ${"/"}work/main`, "names a path of one machine"],
  ["a.md", `${"<".repeat(7)} HEAD\n`, "has a merge conflict marker"],
  ["a.ts", `// TO${"DO"}: later`, "marks unfinished work"],
  ["a.test.ts", `test.${"skip"}("x", () => {})`, "marks unfinished work"],
])("%s: %s", (file, text, expected) => {
  expect(why(file, text)).toEqual([expected]);
});

test.each([
  ["a.md", "GET /home/ is a route; src/work/main.ts is a file"],
  ["a.md", `The TO${"DO"} list of an editor`],
  ["a.ts", "const tarball = await pack();"],
  ["pnpm-lock.yaml", "resolution: {integrity: sha512-abc==}"],
])("%s may say: %s", (file, text) => {
  expect(why(file, text)).toEqual([]);
});

test("the line is the one of the match", () => {
  expect(findings("a.ts", `one\ntwo\n// FIX${"ME"}\n`)[0].line).toBe(3);
});
