import { formatOf, withoutExtension } from "./format.ts";

/** A name per file: its path below the folder without extension, in characters that need no quoting. */
export function viewNames(shown: readonly string[]): string[] {
  const taken = new Set<string>();
  return shown.map((path) => {
    const plain = cleanName(withoutExtension(path));
    const candidates = [plain, `${plain}_${formatOf(path) ?? "file"}`];
    const free = candidates.find((name) => !taken.has(name.toLowerCase())) ?? numbered(plain, taken);
    taken.add(free.toLowerCase());
    return free;
  });
}

function cleanName(path: string): string {
  const clean = path
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 100);
  if (clean === "") return "file";
  return /^\p{N}/u.test(clean) ? `t_${clean}` : clean;
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number++)
    if (!taken.has(`${name}_${number}`.toLowerCase())) return `${name}_${number}`;
}
