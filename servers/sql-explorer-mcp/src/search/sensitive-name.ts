import { splitWords } from "./split-words.ts";

/** Words a sensitive name holds one after the other. */
const sequences: readonly (readonly string[])[] = [
  "password passwd passphrase passcode passwort kennwort contrasena senha pwd pw",
  "secret token ssn cvv cvc pin otp totp mfa auth oauth credential jwt bearer cookie salt iban passport",
]
  .flatMap((line) => line.split(" ").map((word) => [word]))
  .concat(
    [
      "social security",
      "credit card",
      "debit card",
      "card number",
      "card no",
      "card num",
      "api key",
      "access key",
      "private key",
      "secret key",
      "signing key",
      "encryption key",
      "pass word",
      "pass phrase",
      "national id",
      "tax id",
    ].map((phrase) => phrase.split(" ")),
  );

/** Long enough to be meant wherever they stand inside one word, e.g. `userpassword`. */
const glued: readonly string[] = [
  "password",
  "passwd",
  "passphrase",
  "creditcard",
  "cardnumber",
  "socialsecurity",
  "apikey",
  "privatekey",
  "secretkey",
  "accesstoken",
  "authtoken",
  "refreshtoken",
];

/**
 * Tells whether a column's values must never be sampled, by the words of its name: `user_pin` and `apiKey` are,
 * `shipping` and `author` are not. An extra pattern is one or more words (`date of birth`), or, with `*` or `?`,
 * a wildcard over the whole name; letter case never matters.
 */
export function createSensitiveNames(extra: readonly string[] = []): (column: string) => boolean {
  const wildcards = extra.filter((pattern) => /[*?]/.test(pattern)).map((pattern) => pattern.toLowerCase());
  const phrases = extra
    .filter((pattern) => !/[*?]/.test(pattern))
    .map((pattern) => splitWords(pattern).map(singular))
    .filter((words) => words.length > 0);
  const all = [...sequences, ...phrases];
  return (column) => {
    const words = splitWords(column).map(singular);
    return (
      all.some((sequence) => holds(words, sequence)) ||
      words.some((word) => glued.some((part) => word.includes(part))) ||
      wildcards.some((pattern) => fits(pattern, column.toLowerCase()))
    );
  };
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function holds(words: readonly string[], sequence: readonly string[]): boolean {
  for (let at = 0; at + sequence.length <= words.length; at++) {
    if (sequence.every((word, offset) => words[at + offset] === word)) return true;
  }
  return false;
}

/** `*` and `?` in linear space and without backtracking over earlier stars. */
function fits(pattern: string, name: string): boolean {
  let [p, n, star, mark] = [0, 0, -1, 0];
  while (n < name.length) {
    if (pattern[p] === "*") {
      star = p++;
      mark = n;
    } else if (pattern[p] === "?" || pattern[p] === name[n]) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++mark;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
