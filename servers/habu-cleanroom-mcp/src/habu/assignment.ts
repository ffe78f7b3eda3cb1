import type { Received } from "../contract/types.ts";
import type { Dataset } from "./bindings.ts";

export interface MacroNeed {
  readonly macro: string;
  readonly dataType: string;
  readonly fields: readonly string[];
}

export interface Assignment {
  readonly macro: string;
  readonly dataset: Dataset;
  /** Question field to dataset field. */
  readonly fields: Readonly<Record<string, string>>;
  readonly unmapped: readonly string[];
  readonly guessed: boolean;
}

export function needsOf(details: Received<"QuestionDetails"> | undefined): MacroNeed[] {
  return (details?.dataTypes ?? []).map((one) => ({
    macro: one.macro ?? "",
    dataType: one.importDataType ?? "",
    fields: (one.dataSetTypeFields ?? []).map(({ name = "" }) => name),
  }));
}

/** Datasets that could stand behind a macro: of its type, or else with all its fields. */
export function fittingDatasets(need: MacroNeed, datasets: readonly Dataset[]): Dataset[] {
  const ofType = datasets.filter(({ dataType }) => letters(dataType) === letters(need.dataType));
  if (ofType.length > 0) return ofType;
  return datasets.filter(
    (one) =>
      need.fields.length > 0 && need.fields.every((field) => fieldFor(field, one.fields) !== undefined),
  );
}

export function assign(
  need: MacroNeed,
  dataset: Dataset,
  chosen: Readonly<Record<string, string>>,
  guessed: boolean,
): Assignment {
  const pairs = need.fields.map(
    (field) => [field, chosen[field] ?? fieldFor(field, dataset.fields)] as const,
  );
  return {
    macro: need.macro,
    dataset,
    fields: Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined)),
    unmapped: pairs.filter(([, field]) => field === undefined).map(([field]) => field),
    guessed,
  };
}

/** The dataset's field of the same name, in any writing. */
function fieldFor(wanted: string, fields: readonly string[]): string | undefined {
  return (
    fields.find((field) => field === wanted) ?? fields.find((field) => letters(field) === letters(wanted))
  );
}

const letters = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
