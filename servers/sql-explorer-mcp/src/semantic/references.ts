import type { Reference } from "./expression.ts";
import type { Dataset, SemanticField } from "./model.ts";

/** Finds a dataset as an expression may write it: exact, or in any letter case when not quoted. */
export type DatasetNames = (written: string, quoted: boolean) => string | undefined;

export function datasetNames(datasets: readonly Dataset[]): DatasetNames {
  const exact = new Set(datasets.map((dataset) => dataset.name));
  const folded = new Map(datasets.map((dataset) => [dataset.name.toLowerCase(), dataset.name]));
  return (written, quoted) => {
    if (exact.has(written)) return written;
    return quoted ? undefined : folded.get(written.toLowerCase());
  };
}

export function referencedDatasets(
  references: readonly Reference[],
  names: DatasetNames,
): { readonly known: ReadonlySet<string>; readonly unknown: ReadonlySet<string> } {
  const known = new Set<string>();
  const unknown = new Set<string>();
  for (const [first] of references) {
    if (first === undefined) continue;
    const name = names(first.text, first.kind === "quoted");
    if (name === undefined) unknown.add(first.text);
    else known.add(name);
  }
  return { known, unknown };
}

/** The field named `dataset.field`. */
export function fieldOf(datasets: readonly Dataset[], path: string): SemanticField | undefined {
  const dot = path.indexOf(".");
  const dataset = datasets.find(({ name }) => name === path.slice(0, dot));
  return dataset?.fields.find(({ name }) => name === path.slice(dot + 1));
}
