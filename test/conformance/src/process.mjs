import { spawn } from "node:child_process";

/**
 * Starts a server process and resolves with the first URL it prints, on either stream.
 * @param {string} command @param {string[]} args @param {{ cwd?: string, timeoutMs?: number }} [options]
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export function startServer(command, args, { cwd, timeoutMs = 30_000 } = {}) {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), 6_000);
    await ended;
    clearTimeout(kill);
  };
  return new Promise((resolve, reject) => {
    let printed = "";
    const fail = (/** @type {string} */ why) => {
      clearTimeout(late);
      reject(new Error(`${command} ${args.join(" ")} ${why}\n${printed}`));
    };
    let silent = false;
    const late = setTimeout(() => {
      silent = true;
      void stop();
    }, timeoutMs);
    child.once("error", (error) => fail(error.message));
    ended.then((code) => fail(silent ? `printed no URL in ${timeoutMs} ms` : `ended with ${code}`));
    const read = (/** @type {Buffer} */ chunk) => {
      printed += chunk;
      const url = /https?:\/\/[^\s"']+\/mcp\b/.exec(printed)?.[0];
      if (url === undefined) return;
      clearTimeout(late);
      resolve({ url, stop });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
  });
}
