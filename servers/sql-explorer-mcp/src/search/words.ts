import { splitWords, stem } from "./split-words.ts";

const maxChars = 2_000;
const maxQueryWords = 12;

const filler = new Set(
  "a an and any are as at be by can column do does find for from get give has have hold how i in is it its list me my of on or our show table tell that the their there these this to we what when where which who whose with you".split(
    " ",
  ),
);

/** How warehouses shorten words; each stands for the other. */
const abbreviations: ReadonlyMap<string, readonly string[]> = bothWays({
  account: "acct",
  address: "addr",
  amount: "amt",
  average: "avg",
  category: "cat",
  count: "cnt",
  customer: "cust",
  date: "dt",
  department: "dept",
  description: "desc",
  employee: "emp",
  inventory: "inv",
  invoice: "inv",
  manager: "mgr",
  month: "mo",
  number: "num no nbr nr",
  organization: "org",
  percent: "pct",
  quantity: "qty",
  reference: "ref",
  timestamp: "ts",
  transaction: "txn trx tx",
  year: "yr",
});

/** Index words of a name or text, in order, repeats kept. Splitting is remembered: names repeat. */
export function createTokenizer(): (text: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const words = splitWords(text.slice(0, maxChars)).map(stem);
    if (text.length <= 64) known.set(text, words);
    return words;
  };
}

/** Distinct words of a question without its filler, unless it is nothing else. */
export function queryWords(query: string): readonly string[] {
  const all = splitWords(query.slice(0, maxChars));
  const telling = all.filter((word) => !filler.has(word));
  return [...new Set((telling.length > 0 ? telling : all).map(stem))].slice(0, maxQueryWords);
}

export function alternatives(word: string): readonly string[] {
  return abbreviations.get(word) ?? [];
}

function bothWays(table: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const pairs = new Map<string, string[]>();
  for (const [long, shorts] of Object.entries(table)) {
    for (const short of shorts.split(" ")) {
      pairs.set(long, [...(pairs.get(long) ?? []), short]);
      pairs.set(short, [...(pairs.get(short) ?? []), long]);
    }
  }
  return pairs;
}
