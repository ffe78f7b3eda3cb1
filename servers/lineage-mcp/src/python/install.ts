import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ToolError } from "@mcp-data/core";
import { packageRoot } from "../package-root.ts";
import type { PythonFacts } from "./find.ts";

const folder = "lineage_mcp_capture";
const info = "lineage_mcp_capture-1.dist-info";
const starter = "lineage_mcp_capture.pth";
const line =
  'import sys; exec("try:\\n import lineage_mcp_capture.boot as _b\\n _b.install()\\nexcept Exception:\\n pass")\n';

/** Puts the recorder into a Python; inert until a registered notebook runs. Returns whether anything changed. */
export function installCapture(python: PythonFacts, home: string): boolean {
  const { purelib } = python;
  try {
    mkdirSync(purelib, { recursive: true });
    accessSync(purelib, constants.W_OK);
  } catch (cause) {
    throw new ToolError("CONFIG_ERROR", "The packages of that Python cannot be written to.", {
      hint: "Start the notebook with `lineage-mcp run -- …` or --launch, or use a virtual environment.",
      cause,
    });
  }
  const homes = installedHomes(purelib);
  const upToDate =
    homes.includes(home) &&
    sameFiles(join(packageRoot(), "python", folder), join(purelib, folder)) &&
    existsSync(join(purelib, starter));
  if (upToDate) return false;
  const from = join(packageRoot(), "python");
  rmSync(join(purelib, folder), { recursive: true, force: true });
  cpSync(join(from, folder), join(purelib, folder), {
    recursive: true,
    filter: (path) => !path.includes("__pycache__"),
  });
  cpSync(join(from, info), join(purelib, info), { recursive: true });
  writeFileSync(
    join(purelib, folder, "installed.json"),
    JSON.stringify({ homes: [home, ...homes.filter((each) => each !== home)] }),
  );
  writeFileSync(join(purelib, info, "INSTALLER"), "lineage-mcp\n");
  writeFileSync(join(purelib, starter), line);
  const files = [
    ...readdirSync(join(purelib, folder)).map((name) => `${folder}/${name}`),
    ...["METADATA", "entry_points.txt", "INSTALLER", "RECORD"].map((name) => `${info}/${name}`),
    starter,
  ];
  writeFileSync(join(purelib, info, "RECORD"), files.map((file) => `${file},,\n`).join(""));
  return true;
}

/** Takes it out again. Returns whether it was there. */
export function uninstallCapture(python: PythonFacts): boolean {
  const paths = [folder, info, starter].map((name) => join(python.purelib, name));
  const there = paths.some((path) => existsSync(path));
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  return there;
}

export function isInstalled(python: PythonFacts): boolean {
  return existsSync(join(python.purelib, folder, "installed.json"));
}

function installedHomes(purelib: string): string[] {
  try {
    return (
      (JSON.parse(readFileSync(join(purelib, folder, "installed.json"), "utf8")) as { homes?: string[] })
        .homes ?? []
    ).map(String);
  } catch {
    return [];
  }
}

function sameFiles(from: string, to: string): boolean {
  if (!existsSync(to)) return false;
  return readdirSync(from)
    .filter((name) => name.endsWith(".py"))
    .every(
      (name) =>
        existsSync(join(to, name)) &&
        readFileSync(join(from, name), "utf8") === readFileSync(join(to, name), "utf8"),
    );
}
