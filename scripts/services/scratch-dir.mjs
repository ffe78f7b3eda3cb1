import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "mcp-data-test-";

/** A temporary directory named after this process, so that a later run can remove it if we are killed. */
export async function scratchDir(label, owner) {
  await sweep();
  const dir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-${label}-`));
  if (owner !== undefined) await chown(dir, owner.uid, owner.gid);
  return dir;
}

/** Removes directories whose process is gone. */
async function sweep() {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
