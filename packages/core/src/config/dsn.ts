import { ToolError } from "../error/tool-error.ts";

/** True when a connection string carries a password: in its authority, its query or as `password=…`. */
export function hasPassword(dsn: string): boolean {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^?#]*)@/i.exec(dsn)?.[1];
  if (authority?.includes(":")) return true;
  return /(?:^|[?&;\s])(?:[a-z]*password|passwd|pwd|passphrase)\s*=\s*[^\s&;]/i.test(dsn);
}

/** A password in an argument shows in the process list: CONFIG_ERROR with the fix, never with the text. */
export function refuseArgvPassword(args: readonly string[], variable: string): void {
  const at = args.findIndex(hasPassword);
  if (at < 0) return;
  throw new ToolError("CONFIG_ERROR", `Argument ${at + 1} is a connection string with a password in it.`, {
    hint: `Arguments can be read by every user of the machine. Put the whole string into ${variable}, or its file's path into ${variable}_FILE, or the password into the config as \${NAME}.`,
    details: { reason: "password_in_argument" },
  });
}
