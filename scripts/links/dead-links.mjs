import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { rootDir } from "../run/workspace.mjs";
import { anchors, linkTargets } from "./anchors.mjs";

/** Every tracked or new markdown file that git does not ignore. */
export function markdownFiles(dir = rootDir) {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"];
  const listed = execFileSync("git", args, { cwd: dir, encoding: "utf8" }).split("\n").filter(Boolean);
  return listed.filter((file) => existsSync(join(dir, file)));
}

/** Links of one file that lead nowhere, as `{ file, target, why }`. Addresses on the web are not looked up. */
export function deadLinks(file, dir = rootDir) {
  const markdown = readFileSync(join(dir, file), "utf8");
  return linkTargets(markdown)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .map((target) => ({ file, target, why: problem(file, markdown, target, dir) }))
    .filter(({ why }) => why !== undefined);
}

function problem(file, markdown, target, dir) {
  const [path, anchor] = target.split("#");
  const place = path === "" ? file : normalize(join(dirname(file), decodeURI(path)));
  if (place.startsWith("..") || path.startsWith("/")) return "leads out of the repository";
  const full = join(dir, place);
  if (!existsSync(full)) return "no such file";
  if (anchor === undefined || anchor === "") return undefined;
  if (!place.endsWith(".md") || statSync(full).isDirectory()) return undefined;
  const known = anchors(path === "" ? markdown : readFileSync(full, "utf8"));
  return known.has(decodeURI(anchor)) ? undefined : "no such heading";
}
