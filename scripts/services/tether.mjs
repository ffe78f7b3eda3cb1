import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => existsSync(path));

/**
 * Spawns a process in its own group that the kernel signals when this one dies, however it dies (Linux).
 * `user` drops root to that account and is ignored for anyone else.
 */
export function tether(command, args, { user, deathSignal = "TERM", ...options } = {}) {
  const drop = user !== undefined && process.getuid?.() === 0;
  if (setpriv === undefined) {
    if (drop) throw new Error(`setpriv (util-linux) is needed to run ${command} as ${user}`);
    return spawn(command, args, { detached: true, ...options });
  }
  const identity = drop ? [`--reuid=${user}`, `--regid=${user}`, "--init-groups"] : [];
  return spawn(setpriv, [...identity, `--pdeathsig=${deathSignal}`, "--", command, ...args], {
    detached: true,
    ...options,
  });
}

/** Signals the whole group of a tethered process; false when nothing of it is left. */
export function signalGroup(child, signal) {
  if (child.pid === undefined) return false;
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch (error) {
    if (error.code === "ESRCH") return false;
    throw error;
  }
}

/** Resolves with `{ code, signal }`, at once when the process is gone already. */
export function exited(child) {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

/** Asks with `signal`, insists with SIGKILL after `graceMs`. */
export async function stopGroup(child, signal, graceMs = 5_000) {
  const gone = exited(child);
  signalGroup(child, signal);
  const insist = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
  await gone;
  clearTimeout(insist);
  signalGroup(child, "SIGKILL");
}
