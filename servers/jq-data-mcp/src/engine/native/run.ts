import { spawn } from "node:child_process";
import { read as readCallback } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { argumentFlags } from "../check-job.ts";
import type { EngineResult, Job } from "../engine.ts";
import { cancelled, reportedFailure, stopped, timedOut } from "../failures.ts";
import { createSplitter } from "../split/splitter.ts";
import { createOutput } from "../wasm/output.ts";
import { setNice } from "../wasm/priority.ts";
import type { Stop } from "../wasm/protocol.ts";
import type { NativeJq } from "./find.ts";

const chunkBytes = 256 * 1024;
/** Linux refuses a longer single argument. */
const maxArgument = 100_000;
const read = promisify(readCallback);

/** One run of a native jq: no environment, an empty folder, limits of the system, killed at the time limit. */
export async function runNative(jq: NativeJq, job: Job): Promise<EngineResult> {
  const flags = argumentFlags(job);
  const folder = await mkdtemp(join(tmpdir(), `jq-data-${process.pid}-`));
  try {
    const { short, prefix } = await shortened(flags, folder);
    return await inFolder(jq, { ...job, program: prefix + job.program }, short, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inFolder(jq: NativeJq, job: Job, flags: string[], folder: string): Promise<EngineResult> {
  const started = performance.now();
  const { limits } = job;
  // From a file: no length limit, and nothing in it can be an option.
  const program = join(folder, "program.jq");
  await writeFile(program, job.program, { mode: 0o600 });
  const reads = [...(job.nullInput || job.input.kind === "none" ? ["-n"] : []), ...(job.slurp ? ["-s"] : [])];
  const args = ["-c", "-M", ...reads, ...flags, "-f", program];
  const seconds = Math.ceil(limits.timeoutMs / 1_000) + 1;
  const bounds = `ulimit -v ${Math.ceil(limits.memoryBytes / 1_024)} && ulimit -t ${seconds} && ulimit -c 0 && exec "$0" "$@"`;
  const child = spawn("/bin/sh", ["-c", bounds, jq.path, ...args], {
    env: { HOME: "/nonexistent" },
    cwd: folder,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output = createOutput(limits.outputBytes, job.spillPath);
  let stderr = Buffer.alloc(0);
  let stderrBytes = 0;
  let end: (() => Error) | undefined;
  const stop = (error: () => Error) => {
    end ??= error;
    child.kill("SIGKILL");
  };
  const onAbort = () => stop(cancelled);
  const timer = setTimeout(() => stop(() => timedOut(limits.timeoutMs)), limits.timeoutMs);
  if (job.signal?.aborted) onAbort();
  job.signal?.addEventListener("abort", onAbort, { once: true });
  child.stdout.on("data", (bytes: Buffer) => {
    if (end === undefined && !output.push(bytes)) stop(() => stopped("output", "", ""));
  });
  child.stderr.on("data", (bytes: Buffer) => {
    stderrBytes += bytes.length;
    if (stderr.length < limits.stderrBytes)
      stderr = Buffer.concat([stderr, bytes.subarray(0, limits.stderrBytes - stderr.length)]);
    if (stderrBytes > limits.stderrBytes * 16) stop(() => stopped("stderr", "", stderr.toString()));
  });
  // A program that reads no further closes its end; that is no failure.
  child.stdin.on("error", () => undefined);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const fed = feed(job, child.stdin, (problem) => stop(() => stopped("input", problem, ""))).catch(
    (error) => {
      stop(() => stopped("input", String(error), ""));
      return 0;
    },
  );
  setNice(child.pid ?? 0, 5);
  try {
    const { code, signal } = await exited;
    const bytesRead = await fed;
    if (end !== undefined) throw end();
    const text = stderr.toString().trim();
    if (signal !== null || (code ?? 0) >= 128)
      throw stopped(stopOf(signal, code), `ended with ${signal ?? code}`, text);
    const failure = reportedFailure(code ?? 0, text);
    if (failure !== undefined) throw failure;
    const { bytes, total } = output.finish();
    return {
      exitCode: 0,
      output: bytes,
      outputBytes: total,
      stderr: text,
      bytesRead,
      engine: { kind: "native", jq: jq.version },
      ms: performance.now() - started,
    };
  } catch (error) {
    output.discard();
    throw error;
  } finally {
    clearTimeout(timer);
    job.signal?.removeEventListener("abort", onAbort);
    child.kill("SIGKILL");
  }
}

function stopOf(signal: NodeJS.Signals | null, code: number | null): Stop {
  if (signal === "SIGABRT" || code === 134) return "memory";
  return signal === "SIGSEGV" || code === 139 ? "stack" : "crash";
}

/** Sends the input in pieces, split on the way; resolves with the bytes read. */
async function feed(
  { input, limits }: Job,
  stdin: NodeJS.WritableStream & { readonly destroyed?: boolean },
  onProblem: (problem: string) => void,
): Promise<number> {
  if (input.kind === "none") {
    stdin.end();
    return 0;
  }
  const splitter = createSplitter({ split: input.split, nesting: limits.nesting });
  let position = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(input.kind === "file" ? chunkBytes : input.bytes.length);
    let size: number;
    if (input.kind === "file") size = (await read(input.fd, chunk, 0, chunkBytes, position)).bytesRead;
    else {
      size = position === 0 ? input.bytes.length : 0;
      chunk.set(input.bytes);
    }
    position += size;
    const problem = size === 0 ? splitter.end() : splitter.push(chunk, 0, size);
    if (problem !== undefined) onProblem(problem);
    if (size === 0 || problem !== undefined || stdin.destroyed) break;
    if (!stdin.write(chunk.subarray(0, size))) await drained(stdin);
  }
  stdin.end();
  return position;
}

function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
}

/** Long arguments go through files; those come as a list of one, so the program begins by unwrapping it. */
async function shortened(flags: string[], folder: string): Promise<{ short: string[]; prefix: string }> {
  const short: string[] = [];
  let prefix = "";
  for (let at = 0; at < flags.length; at += 3) {
    const [flag = "", name = "", json = ""] = flags.slice(at, at + 3);
    if (Buffer.byteLength(json) <= maxArgument) {
      short.push(flag, name, json);
      continue;
    }
    const file = join(folder, `${name}.json`);
    await writeFile(file, json, { mode: 0o600 });
    short.push("--slurpfile", name, file);
    prefix += `$${name}[0] as $${name} | `;
  }
  return { short, prefix };
}
