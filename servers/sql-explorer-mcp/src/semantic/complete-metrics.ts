import { quote } from "../document/warnings.ts";
import type { Draft } from "./draft.ts";
import { isOurs } from "./expression.ts";
import type { Metric } from "./model.ts";
import { type Fail, readings } from "./readings.ts";
import { type DatasetNames, datasetNames, fieldOf, referencedDatasets } from "./references.ts";

type DraftMetric = Draft["metrics"][number];

/** Checks what metrics refer to and adds the datasets each of them reads, its inputs' included. */
export function completeMetrics(draft: Draft, fail: Fail, notes: string[]): readonly Metric[] {
  const names = datasetNames(draft.datasets);
  const metrics = new Set(draft.metrics.map((metric) => metric.name));
  const own = new Map(
    draft.metrics.map((metric) => {
      checkExtension(metric, draft, metrics, fail);
      return [metric.name, ownDatasets(metric, names, fail, notes)];
    }),
  );
  const all = withInputs(draft.metrics, own, fail);
  const whole = draft.datasets.map((dataset) => dataset.name);
  return draft.metrics.map((metric) => {
    const found = all.get(metric.name) ?? new Set();
    const isForeign = !metric.expressions.some((expression) => isOurs(expression.dialect));
    if (!isForeign && found.size === 0 && whole.length > 1) {
      notes.push(
        `Semantic model, metric ${quote(metric.name)}: it names no dataset; write columns as dataset.field.`,
      );
    }
    // What cannot be told may read any of them.
    const datasets = isForeign || found.size === 0 ? whole : [...found].sort();
    return { ...metric, datasets };
  });
}

/** Datasets of its own expressions, filters and extension. */
function ownDatasets(
  metric: DraftMetric,
  names: DatasetNames,
  fail: Fail,
  notes: string[],
): ReadonlySet<string> {
  const at = `metric ${quote(metric.name)}`;
  const found = new Set<string>(metric.dataset === undefined ? [] : [metric.dataset]);
  for (const { references } of readings(metric.expressions, at, fail, notes)) {
    const { known, unknown } = referencedDatasets(references, names);
    const [stranger] = unknown;
    if (stranger !== undefined) {
      fail(at, `there is no dataset ${quote(stranger)}`, "Write columns as dataset.field of this model.");
    }
    for (const name of known) found.add(name);
  }
  for (const field of extensionFields(metric)) found.add(field.slice(0, field.indexOf(".")));
  return found;
}

/** Follows inputs from the metrics that have none; what is left over is made of itself. */
function withInputs(
  metrics: readonly DraftMetric[],
  own: ReadonlyMap<string, ReadonlySet<string>>,
  fail: Fail,
): ReadonlyMap<string, ReadonlySet<string>> {
  const done = new Map<string, ReadonlySet<string>>();
  let open = metrics;
  while (open.length > 0) {
    const ready = open.filter((metric) => metric.inputs.every((input) => done.has(input)));
    const [stuck] = open;
    if (ready.length === 0 && stuck !== undefined) {
      fail(`metric ${quote(stuck.name)}`, "its inputs lead back to themselves", "Break the cycle.");
    }
    for (const metric of ready) {
      const inherited = metric.inputs.flatMap((input) => [...(done.get(input) ?? [])]);
      done.set(metric.name, new Set([...(own.get(metric.name) ?? []), ...inherited]));
    }
    open = open.filter((metric) => !done.has(metric.name));
  }
  return done;
}

const inputsOf = {
  simple: [0, 0, "has none"],
  ratio: [2, 2, "has two, numerator and denominator"],
  derived: [1, Number.POSITIVE_INFINITY, "has at least one"],
  cumulative: [1, 1, "has one"],
} as const;

function checkExtension(
  metric: DraftMetric,
  { datasets }: Draft,
  metrics: ReadonlySet<string>,
  fail: Fail,
): void {
  const at = `metric ${quote(metric.name)}`;
  if (metric.dataset !== undefined && !datasets.some(({ name }) => name === metric.dataset)) {
    fail(at, `there is no dataset ${quote(metric.dataset)}`, "Name a dataset of the same model.");
  }
  const missing = metric.inputs.find((input) => !metrics.has(input));
  if (missing !== undefined)
    fail(at, `there is no metric ${quote(missing)}`, "Name a metric of the same model.");
  const [least, most, words] = inputsOf[metric.type];
  if (metric.inputs.length < least || metric.inputs.length > most) {
    fail(at, `it has ${metric.inputs.length} inputs`, `A ${metric.type} metric ${words}.`);
  }
  const unknown = extensionFields(metric).find((field) => fieldOf(datasets, field) === undefined);
  if (unknown !== undefined) fail(at, `there is no field ${quote(unknown)}`, "Name it as dataset.field.");
}

function extensionFields(metric: DraftMetric): readonly string[] {
  return [
    ...metric.filters.map((filter) => filter.field),
    ...(metric.timeField === undefined ? [] : [metric.timeField]),
  ];
}
