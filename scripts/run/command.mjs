import { spawn } from "node:child_process";
import { rootDir } from "./workspace.mjs";

/** Runs a command with inherited output in the repository; resolves with whether it exited 0. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: rootDir, stdio: "inherit", ...options });
    child.once("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(false);
    });
    child.once("exit", (code) => resolve(code === 0));
  });
}

/** Runs a command quietly; rejects with its output when it fails, resolves with its stdout otherwise. */
export function capture(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: rootDir, stdio: ["ignore", "pipe", "pipe"], ...options });
    const stdout = [];
    const stderr = [];
    child.stdout.on("data", (chunk) => stdout.push(chunk));
    child.stderr.on("data", (chunk) => stderr.push(chunk));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const text = String(Buffer.concat(stdout));
      if (code === 0) return resolve(text);
      const shown = `${text}${Buffer.concat(stderr)}`.trim();
      reject(new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}\n${shown}`));
    });
  });
}

/** Runs a command with its output shown as it comes; resolves with `{ ok, text }`, the text being its stdout. */
export function runAndKeep(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: rootDir, stdio: ["ignore", "pipe", "inherit"], ...options });
    const chunks = [];
    child.stdout.on("data", (chunk) => {
      chunks.push(chunk);
      process.stdout.write(chunk);
    });
    child.once("error", (error) => resolve({ ok: false, text: error.message }));
    child.once("close", (code) => resolve({ ok: code === 0, text: String(Buffer.concat(chunks)) }));
  });
}
