import { mintApiKey } from "../auth/key-hash.ts";
import { auditVerifyCommand } from "./audit-verify.ts";
import { healthCommand } from "./health.ts";

export interface CommandOptions {
  /** The server's name in usage lines. */
  readonly name: string;
  /** Variable that may hold HOST:PORT of the running server. */
  readonly listenVariable: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly print?: (line: string) => void;
  readonly complain?: (line: string) => void;
}

const usage: Readonly<Record<string, string>> = {
  health: "health [URL | HOST:PORT]",
  "api-key": "api-key",
  audit: "audit verify FILE [KEY_FILE]",
};

/** The exit code of a command every server has, or undefined when argv starts something else. */
export async function runCommand(
  argv: readonly string[],
  options: CommandOptions,
): Promise<number | undefined> {
  const [name = "", ...rest] = argv;
  const form = Object.hasOwn(usage, name) ? usage[name] : undefined;
  if (form === undefined) return undefined;
  const print = options.print ?? ((line) => void process.stdout.write(`${line}\n`));
  const complain = options.complain ?? ((line) => void process.stderr.write(`${line}\n`));
  const misuse = () => {
    complain(`Usage: ${options.name} ${form}`);
    return 2;
  };
  if (rest.includes("--help") || rest.includes("-h")) {
    print(`Usage: ${options.name} ${form}`);
    return 0;
  }
  if (name === "health") {
    const listen = rest[0] ?? (options.env ?? process.env)[options.listenVariable];
    return listen === undefined || rest.length > 1 ? misuse() : healthCommand(listen, print);
  }
  if (name === "api-key") {
    if (rest.length > 0) return misuse();
    const { key, hash } = mintApiKey();
    print(`key:  ${key}   (give it to the caller; it is not shown again)`);
    print(`hash: ${hash}   (goes into auth.api_keys)`);
    return 0;
  }
  const [verb, file, keyFile, ...more] = rest;
  if (verb !== "verify" || file === undefined || more.length > 0) return misuse();
  return auditVerifyCommand(file, keyFile, print);
}
