import { readFileSync, statSync } from "node:fs";
import { inspect } from "node:util";
import { z } from "zod";

const mark = "[secret]";
const maxBytes = 65_536;

/** A value that prints as `[secret]` wherever it ends up: logs, JSON, templates, inspections. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; call it only where it is handed to whoever needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mark;
  }

  toJSON(): string {
    return mark;
  }

  [Symbol.toPrimitive](): string {
    return mark;
  }

  [inspect.custom](): string {
    return mark;
  }
}

/** A secret in a config: text (best `${NAME}`), or `{file: PATH}`; becomes a Secret. */
export function secretField() {
  return z
    .union([z.string().min(1), z.strictObject({ file: z.string().min(1) })])
    .describe("A secret: text, best as a variable reference, or {file: PATH}")
    .transform((given, context): Secret => {
      if (typeof given === "string") return new Secret(given);
      const content = readSecretFile(given.file);
      if (content.ok) return new Secret(content.text);
      context.addIssue({ code: "custom", message: content.problem });
      return z.NEVER;
    });
}

export type SecretFile =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** The file's text without its last line break. */
export function readSecretFile(path: string): SecretFile {
  try {
    if (statSync(path).size > maxBytes)
      return { ok: false, problem: `names a file larger than ${maxBytes} bytes` };
    const text = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    return text === "" ? { ok: false, problem: "names an empty file" } : { ok: true, text };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return { ok: false, problem: `names a file that cannot be read (${code})` };
  }
}
