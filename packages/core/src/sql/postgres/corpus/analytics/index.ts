import { aggregates } from "./aggregates.ts";
import { documents } from "./documents.ts";
import { joins } from "./joins.ts";
import { questions } from "./questions.ts";
import { texts } from "./text.ts";
import { times } from "./time.ts";
import { windows } from "./windows.ts";
import { withQueries } from "./with.ts";

/** Legitimate queries by topic; every one of them is accepted and runs on the fixture. */
export const analyticsCorpus: Readonly<Record<string, readonly string[]>> = {
  aggregates,
  windows,
  joins,
  with: withQueries,
  times,
  texts,
  documents,
  questions,
};
