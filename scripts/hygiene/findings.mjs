import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { rootDir } from "../run/workspace.mjs";

const host = (...labels) => labels.join("\\.");

/** What no committed file may hold. Patterns are put together so that this file does not match itself. */
const rules = [
  {
    why: "names a package registry's host",
    pattern: new RegExp(
      [
        host("registry", "npmjs", "org"),
        host("registry", "yarnpkg", "com"),
        host("npm", "pkg", "github", "com"),
        host("pypi", "org"),
        host("files", "pythonhosted", "org"),
        `(?:resolved|tarball|index-url|registry)["=: ]+https?:${"//"}`,
      ].join("|"),
    ),
  },
  {
    why: "names a path of one machine",
    pattern: new RegExp(
      `(?:^|[\\s"'\`(=:])/(?:${["work", "farm", "root", "home", "Users"].join("|")})/[\\w.-]`,
      "m",
    ),
  },
  {
    why: "has a merge conflict marker",
    pattern: new RegExp(`^(?:${"<".repeat(7)}|${">".repeat(7)}) `, "m"),
  },
  {
    why: "marks unfinished work",
    only: /\.(?:[cm]?[jt]sx?|py|sql|sh|ya?ml)$/,
    pattern: new RegExp(
      `\\b(?:${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b|\\b(?:test|it|describe)\\.(?:skip|only|todo)\\b`,
    ),
  },
];

const maxBytes = 2_000_000;

/** Findings of one text, as `{ line, why, shown }`. */
export function findings(file, text) {
  return rules
    .filter(({ only }) => only === undefined || only.test(file))
    .flatMap(({ why, pattern }) => {
      const match = pattern.exec(text);
      if (match === null) return [];
      const line = text.slice(0, match.index + 1).split("\n").length;
      return [{ line, why, shown: match[0].trim() }];
    });
}

/** Text files that are or would be committed. */
export function committedFiles(dir = rootDir) {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  return execFileSync("git", args, { cwd: dir, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(dir, file)) && isSmallText(join(dir, file)));
}

function isSmallText(path) {
  const stat = statSync(path);
  return stat.isFile() && stat.size <= maxBytes && !readFileSync(path).subarray(0, 8_000).includes(0);
}
