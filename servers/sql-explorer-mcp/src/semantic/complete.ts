import { configError } from "../document/config-error.ts";
import { bounded, quote } from "../document/warnings.ts";
import { completeMetrics } from "./complete-metrics.ts";
import type { Draft } from "./draft.ts";
import type { Dataset, SemanticModel } from "./model.ts";
import { type Fail, readings } from "./readings.ts";
import { datasetNames, referencedDatasets } from "./references.ts";
import { sourceName } from "./table-source.ts";

/** Follows every reference inside the document. Throws CONFIG_ERROR naming the part that does not hold. */
export function completeModel(
  drafts: readonly Draft[],
  what: string,
  warnings: readonly string[],
): SemanticModel {
  const fail = (field: string, problem: string, fix: string): never => {
    throw configError({ what, field, problem, fix });
  };
  const notes = [...warnings];
  for (const kind of ["datasets", "relationships", "metrics"] as const) {
    const twice = firstDuplicate(drafts.flatMap((draft) => draft[kind].map(({ name }) => name)));
    if (twice !== undefined)
      fail(`${kind} ${quote(twice)}`, "the name is used twice", "Give each its own name.");
  }
  const metrics = drafts.flatMap((draft) => {
    checkDatasets(draft, fail, notes);
    checkRelationships(draft, fail);
    const completed = completeMetrics(draft, fail, notes);
    checkVerifiedQueries(draft, fail);
    return completed;
  });
  return {
    ...joinHeads(drafts),
    datasets: drafts.flatMap((draft) => draft.datasets),
    relationships: drafts.flatMap((draft) => draft.relationships),
    metrics,
    verifiedQueries: drafts.flatMap((draft) => draft.verifiedQueries),
    warnings: bounded(notes),
  };
}

function checkDatasets({ datasets }: Draft, fail: Fail, notes: string[]): void {
  const names = datasetNames(datasets);
  for (const dataset of datasets) {
    const at = `dataset ${quote(dataset.name)}`;
    const twice = firstDuplicate(dataset.fields.map((field) => field.name));
    if (twice !== undefined) fail(`${at}, field ${quote(twice)}`, "the name is used twice", "Rename one.");
    for (const field of dataset.fields) {
      const place = `${at}, field ${quote(field.name)}`;
      for (const { references } of readings(field.expressions, place, fail, notes)) {
        const other = [...referencedDatasets(references, names).known].find((name) => name !== dataset.name);
        if (other !== undefined) {
          fail(place, `it reads dataset ${quote(other)}`, "A field reads columns of its own dataset only.");
        }
      }
    }
  }
}

function checkRelationships({ datasets, relationships }: Draft, fail: Fail): void {
  for (const { name, from, to, fromColumns, toColumns } of relationships) {
    const at = `relationship ${quote(name)}`;
    for (const end of [from, to]) {
      if (!datasets.some((dataset) => dataset.name === end)) {
        fail(at, `there is no dataset ${quote(end)}`, "Name a dataset of the same model.");
      }
    }
    if (fromColumns.length !== toColumns.length) {
      fail(at, "from_columns and to_columns differ in length", "List them in pairs.");
    }
  }
}

function checkVerifiedQueries({ datasets, verifiedQueries }: Draft, fail: Fail): void {
  for (const query of verifiedQueries) {
    const at = `verified query ${quote(query.question)}`;
    const missing = query.datasets.find((name) => !datasets.some((dataset) => dataset.name === name));
    if (missing !== undefined)
      fail(at, `there is no dataset ${quote(missing)}`, "Name a dataset of the same model.");
    const silent = datasets.find(
      (dataset) => !query.datasets.includes(dataset.name) && mentions(query.sql, dataset),
    );
    if (silent !== undefined) {
      fail(
        at,
        `it reads ${quote(sourceName(silent.source))} without saying so`,
        "List every dataset it reads.",
      );
    }
  }
}

/** The table's name stands somewhere in the statement as a word of its own. */
function mentions(sql: string, { source }: Dataset): boolean {
  const escaped = source.table.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "iu").test(sql);
}

function joinHeads(
  drafts: readonly Draft[],
): Pick<SemanticModel, "name" | "description" | "context" | "owner"> {
  const description = lines(drafts.map((draft) => draft.description));
  const instructions = lines([...new Set(drafts.map((draft) => draft.context.instructions))]);
  const owner = [...new Set(drafts.flatMap((draft) => draft.owner ?? []))].join(", ");
  return {
    name: drafts.map((draft) => draft.name).join(", "),
    ...(description === undefined ? {} : { description }),
    context: {
      ...(instructions === undefined ? {} : { instructions }),
      synonyms: [...new Set(drafts.flatMap((draft) => draft.context.synonyms))],
      examples: [...new Set(drafts.flatMap((draft) => draft.context.examples))],
    },
    ...(owner === "" ? {} : { owner }),
  };
}

function lines(texts: readonly (string | undefined)[]): string | undefined {
  const given = texts.filter((text) => text !== undefined);
  return given.length === 0 ? undefined : given.join("\n");
}

function firstDuplicate(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
