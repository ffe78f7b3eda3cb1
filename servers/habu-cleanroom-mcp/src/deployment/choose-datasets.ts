import { type Assignment, assign, fittingDatasets, type MacroNeed } from "../habu/assignment.ts";
import type { listDatasets } from "../habu/bindings.ts";
import { resolve } from "../habu/resolve.ts";
import type { Question } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export function assignmentsOf(
  input: Input,
  needs: readonly MacroNeed[],
  datasets: Awaited<ReturnType<typeof listDatasets>>,
) {
  const assignments: Assignment[] = [];
  const questions: Question[] = [];
  for (const need of needs) {
    const typed = input.datasets?.[need.macro];
    const fitting = fittingDatasets(need, datasets);
    const chosen =
      typed === undefined
        ? fitting.length === 1
          ? fitting[0]
          : undefined
        : resolve("dataset of this clean room", typed, datasets);
    if (chosen === undefined) {
      questions.push({
        field: `datasets.${need.macro}`,
        why:
          fitting.length === 0
            ? `No dataset of type ${need.dataType} is in the room; add one, or choose another.`
            : `${fitting.length} datasets of type ${need.dataType} fit.`,
        candidates: (fitting.length === 0 ? datasets : fitting).map(({ name }) => name),
      });
      continue;
    }
    const made = assign(need, chosen, input.fields?.[need.macro] ?? {}, typed === undefined);
    assignments.push(made);
    for (const field of made.unmapped) {
      questions.push({
        field: `fields.${need.macro}.${field}`,
        why: `${chosen.name} has no field of this name.`,
        candidates: chosen.fields.slice(0, 40),
      });
    }
  }
  return { assignments, questions };
}
