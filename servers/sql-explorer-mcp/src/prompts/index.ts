import { definePrompt, type PromptDefinition } from "@mcp-data/core";
import type { Services } from "../services.ts";
import { completeSource, completeTable } from "./completion.ts";

const sourceArg = {
  name: "source",
  description: "Source id; not needed when there is one source.",
  required: false,
  complete: completeSource,
};

const exploreDatabase = definePrompt<Services>({
  name: "explore_database",
  title: "Explore a database",
  description: "Find out what a database holds and how its tables belong together.",
  scopes: ["data:read"],
  args: [
    sourceArg,
    { name: "table", description: "A table to start from.", required: false, complete: completeTable },
  ],
  render: async ({ source, table }) => [
    user(
      [
        `Explore ${source === undefined ? "the available sources" : `the source "${source}"`} and report what it holds.`,
        table === undefined
          ? "1. list_sources, then get_metadata for the overview."
          : `1. describe_table for "${table}", then the tables its keys point to and those pointing at it.`,
        "2. Group the tables by subject; for each give its purpose, its grain (what one row is) and its keys.",
        "3. For the three most connected tables run one small query each that shows the range of dates and the commonest categories.",
        "4. List what looks unreliable: empty tables, columns without values, keys without matches. Row counts in metadata are estimates; count before you quote one.",
        "End with five questions this data can answer.",
      ].join("\n"),
    ),
  ],
});

const answerQuestion = definePrompt<Services>({
  name: "answer_question",
  title: "Answer a question",
  description: "Answer a question with a query whose result is checked.",
  scopes: ["data:read"],
  args: [{ name: "question", description: "What to find out.", required: true }, sourceArg],
  render: async ({ question, source }) => [
    user(
      [
        `Question: ${question ?? ""}`,
        source === undefined ? "Pick the source with list_sources." : `Source: ${source}.`,
        "1. search_schema with the question's nouns; describe_table for each candidate. Read the column notes and the quality notes.",
        "2. State how each word of the question maps to a column or filter, and what stays uncertain.",
        "3. Write one SELECT; validate_query it; then query it.",
        "4. Check the result with a second, differently built query: a total, a count of unmatched keys, one example by hand.",
        "5. Answer in one or two sentences with the numbers, the SQL used, and any limit: truncated results, missing values, assumptions.",
      ].join("\n"),
    ),
  ],
});

const diagnoseSlowQuery = definePrompt<Services>({
  name: "diagnose_slow_query",
  title: "Diagnose a slow query",
  description: "Find out why a statement is slow and what would help.",
  scopes: ["data:read"],
  args: [{ name: "sql", description: "The slow statement.", required: true }, sourceArg],
  render: async ({ sql, source }) => [
    user(
      [
        `Find out why this statement is slow${source === undefined ? "" : ` on the source "${source}"`}:`,
        "```sql",
        sql ?? "",
        "```",
        "1. explain_query without analyze; read the findings and index hints.",
        "2. describe_table for the relations with the highest cost: sizes, indexes, types of the joined columns.",
        "3. If the estimate is below a few seconds, explain_query with analyze and compare estimated with real rows.",
        "4. Name the one step that costs most and why: missing index, wrong estimate, filter on an expression, join order, rows fetched that are thrown away.",
        "5. Propose at most three changes in order of effect, each with its price, and a rewritten statement if that is one of them; validate_query it.",
      ].join("\n"),
    ),
  ],
});

export const prompts: readonly PromptDefinition<Services>[] = [
  exploreDatabase,
  answerQuestion,
  diagnoseSlowQuery,
];

function user(text: string) {
  return { role: "user", text } as const;
}
