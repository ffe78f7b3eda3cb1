export const secretMark = "[secret]";

const maxDepth = 8;
const maxItems = 100;
const maxChars = 8_000;

const secretWords: ReadonlySet<string> = new Set([
  ...["password", "passwd", "pwd", "passphrase", "secret", "secrets", "token", "authorization", "cookie"],
  ...["credential", "credentials", "apikey", "dsn", "jwt"],
]);
const keyKinds: ReadonlySet<string> = new Set([
  ...["api", "private", "signing", "access", "secret", "encryption", "hmac", "ssh", "account"],
]);

/** True for a field name whose value must not be written: `db_password`, `apiKey`, `X-API-Key`, `client.secret`. */
export function isSecretName(name: string): boolean {
  const words = name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some(
    (word, at) =>
      secretWords.has(word) || ((word === "key" || word === "keys") && keyKinds.has(words[at - 1] ?? "")),
  );
}

// Every quantifier is bounded: hostile text costs linear time.
const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,8000}(?:-----END [A-Z ]{0,40}-----)?/g, secretMark],
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@"'<>]{0,256}:)[^\s"'<>]{1,512}@/gi, `$1${secretMark}@`],
  [/\b(bearer|basic)\s{1,8}[A-Za-z0-9._~+/=-]{6,4096}/gi, `$1 ${secretMark}`],
  [/\beyJ[A-Za-z0-9_-]{6,4096}\.[A-Za-z0-9_-]{2,8192}\.[A-Za-z0-9_-]{0,2048}/g, secretMark],
  [/\b(?:mdk_|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abpr]-|sk-)[A-Za-z0-9_-]{16,256}/g, secretMark],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, secretMark],
  [
    /\b((?:[a-z0-9]{1,32}[_-]){0,3}(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key)["']?\s{0,4}[=:]\s{0,4})(?:"[^"\n]{0,512}"|'[^'\n]{0,512}'|[^\s,;&"'(){}]{1,512})/gi,
    `$1${secretMark}`,
  ],
];

// Every rule needs one of these words; most text has none and is done after this one pass.
const hint =
  /pass|pwd|secret|token|api[_-]?key|access[_-]?key|:\/\/|bearer|basic|eyj|mdk_|gh[pos]_|github_pat|glpat|xox|sk-|akia|asia|private key/i;

/** Text without the secrets it may carry: DSN passwords, bearer tokens, JWTs, private keys, `password=…`. */
export function redactText(text: string): string {
  const cut = text.length > maxChars ? `${text.slice(0, maxChars)}… (${text.length} characters)` : text;
  if (!hint.test(cut)) return cut;
  return rules.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), cut);
}

/** A plain, finite copy fit for a log line: secrets masked by name and by pattern, deep and long parts cut. */
export function redactValue(value: unknown): unknown {
  return copy(value, 0, new Set());
}

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (above.has(value)) return "[circular]";
  if (depth >= maxDepth) return "[deep]";
  above.add(value);
  try {
    return copyObject(value, depth + 1, above);
  } finally {
    above.delete(value);
  }
}

function copyObject(value: object, depth: number, above: Set<object>): unknown {
  if (value instanceof Error) return copyError(value, depth, above);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if ("toJSON" in value && typeof value.toJSON === "function") return copy(value.toJSON(""), depth, above);
  if (value instanceof Map)
    return copyMembers(
      [...value].map(([key, member]) => [String(key), member]),
      depth,
      above,
    );
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...value];
    const kept = items.slice(0, maxItems).map((item) => copy(item, depth, above));
    return items.length > maxItems ? [...kept, `… ${items.length - maxItems} more`] : kept;
  }
  return copyMembers(Object.entries(value), depth, above);
}

function copyMembers(
  entries: [string, unknown][],
  depth: number,
  above: Set<object>,
): Record<string, unknown> {
  const members = entries
    .slice(0, maxItems)
    .map(([key, member]) => [
      redactText(key),
      isMasked(key, member) ? secretMark : copy(member, depth, above),
    ]);
  if (entries.length > maxItems) members.push(["…", `${entries.length - maxItems} more`]);
  return Object.fromEntries(members);
}

// Counts and switches such as `token: 12` hide nothing.
function isMasked(key: string, member: unknown): boolean {
  return isSecretName(key) && (typeof member === "string" || (typeof member === "object" && member !== null));
}

function copyError(error: Error, depth: number, above: Set<object>): unknown {
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: redactText(error.message),
    ...(code === undefined ? {} : { code: copy(code, depth, above) }),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, depth, above) }),
  };
}
