/** A repeatable source of choices. */
export interface Dice {
  next(below: number): number;
  pick<T>(from: readonly T[]): T;
}

/** mulberry32. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  function next(below: number): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }
  return {
    next,
    pick<T>(from: readonly T[]): T {
      return from[next(from.length)] as T;
    },
  };
}

const words = [
  ..."secrets people orders hidden payroll ssn email name id v_secrets v_all_people m_secret main shop p o k contacts m_column_of m_columns_of people.people main.people.ssn".split(
    " ",
  ),
  ..."people.ssn p.ssn p.* * #1 COLUMNS(*) hidden.payroll main.secrets (FROM secrets) read_text('{canary}')".split(
    " ",
  ),
];
const joiners = [
  " UNION ALL ",
  " EXCEPT ",
  ", ",
  " JOIN ",
  " NATURAL JOIN ",
  " WHERE ",
  " AND ",
  ";",
  " ORDER BY ",
  " AS ",
];

type Mutation = (tokens: string[], dice: Dice, other: readonly string[]) => string[];

const mutations: readonly Mutation[] = [
  (tokens, dice) => replaceAt(tokens, dice.next(tokens.length), (token) => swapCase(token)),
  (tokens, dice) => replaceAt(tokens, dice.next(tokens.length), (token) => `/* ; */${token} -- x\n`),
  (tokens, dice) =>
    replaceAt(tokens, dice.next(tokens.length), (token) => (/^\w+$/.test(token) ? `"${token}"` : token)),
  (tokens, dice) => replaceAt(tokens, dice.next(tokens.length), () => dice.pick(words)),
  (tokens, dice) => replaceAt(tokens, dice.next(tokens.length), () => ""),
  (tokens, dice) => insertAt(tokens, dice.next(tokens.length + 1), ` ${dice.pick(words)} `),
  (tokens, dice) => insertAt(tokens, dice.next(tokens.length + 1), dice.pick(joiners)),
  (tokens, dice, other) => splice(tokens, dice, other),
  (tokens, dice, other) => splice(tokens, dice, other),
  (tokens, dice) => ["SELECT * FROM (", ...tokens, `) ${dice.pick(["x", "people", "secrets", "p"])}`],
  (tokens, dice) => [
    `WITH ${dice.pick(["x", "secrets", "people", "p"])} AS (`,
    ...tokens,
    ") FROM ",
    dice.pick(words),
  ],
  (tokens) => ["SELECT (", ...tokens, ") FROM people p"],
  (tokens, dice) => ["SELECT ", dice.pick(words), " FROM people p, (", ...tokens, ") q"],
  (tokens, dice) => [
    ...tokens,
    ` ${dice.pick(["p", "AS people", "USING SAMPLE 3", "ORDER BY 1", "LIMIT 5", "QUALIFY true"])}`,
  ],
  (tokens) => ["DESCRIBE ", ...tokens],
];

/** One to four changes to a text, with parts of another. */
export function mutate(sql: string, other: string, dice: Dice): string {
  let tokens = tokenize(sql);
  const donor = tokenize(other);
  for (let times = 1 + dice.next(4); times > 0; times--) {
    tokens = dice.pick(mutations)(tokens.length > 0 ? tokens : ["SELECT 1"], dice, donor);
  }
  return tokens.join("");
}

function tokenize(sql: string): string[] {
  return sql.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\s+|[^\w\s]/g) ?? [sql];
}

function replaceAt(tokens: readonly string[], at: number, change: (token: string) => string): string[] {
  return tokens.map((token, index) => (index === at ? change(token) : token));
}

function insertAt(tokens: readonly string[], at: number, token: string): string[] {
  return [...tokens.slice(0, at), token, ...tokens.slice(at)];
}

function splice(tokens: readonly string[], dice: Dice, other: readonly string[]): string[] {
  const from = dice.next(other.length || 1);
  const part = other.slice(from, from + 1 + dice.next(12));
  const at = dice.next(tokens.length + 1);
  return [...tokens.slice(0, at), " ", ...part, " ", ...tokens.slice(at + dice.next(4))];
}

function swapCase(text: string): string {
  return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
}
