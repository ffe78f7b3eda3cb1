import { readdirSync, readFileSync } from "node:fs";

/** Whether a process runs; a zombie does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}

/** Every process below one, its sessions and groups whatever they are (Linux). */
export function descendantsOf(root: number): number[] {
  const parent = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parent.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It ended just now.
    }
  }
  const below = (pid: number): boolean => {
    for (let at = parent.get(pid); at !== undefined && at !== 0; at = parent.get(at))
      if (at === root) return true;
    return false;
  };
  return [...parent.keys()].filter(below);
}
