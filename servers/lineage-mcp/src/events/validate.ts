import { type Check, loadChecks } from "./checks.ts";

export type Family = "runtime" | "lineage" | "dataframe";

export type Checked =
  | { readonly ok: true; readonly family: Family; readonly legacy: boolean; readonly event: Json }
  | { readonly ok: false; readonly reason: string };

export type Json = Record<string, unknown>;

export interface EventValidator {
  /** One line of a JSONL file. Never throws. */
  line(text: string): Checked;
  event(event: unknown): Checked;
}

/** Facets whose schema depends on where they stand. */
const places = {
  run: "RunFacet",
  job: "JobFacet",
  dataset: "DatasetFacet",
  input: "InputDatasetFacet",
  output: "OutputDatasetFacet",
};
type Place = keyof typeof places;

export function createEventValidator(checks = loadChecks()): EventValidator {
  function facetProblem(holder: unknown, place: Place): string | undefined {
    if (typeof holder !== "object" || holder === null) return undefined;
    for (const [key, facet] of Object.entries(holder)) {
      const url = (facet as { _schemaURL?: unknown } | null)?._schemaURL;
      if (typeof url !== "string") return `facet ${key} of a ${place} has no _schemaURL`;
      const check = checks.facet(url);
      if (check !== undefined && !check(facet)) return `facet ${key}: ${problem(check)}`;
    }
    return undefined;
  }

  function lineage(event: Json): string | undefined {
    const check = checks.core();
    if (!check(event)) return problem(check);
    const { run, job } = event as { run?: Json; job?: Json };
    const found = facetProblem(run?.facets, "run") ?? facetProblem(job?.facets, "job");
    if (found !== undefined) return found;
    for (const [list, place] of [
      ["inputs", "input"],
      ["outputs", "output"],
    ] as const) {
      for (const dataset of (event[list] as Json[] | undefined) ?? []) {
        const wrong =
          facetProblem(dataset.facets, "dataset") ?? facetProblem(dataset[`${place}Facets`], place);
        if (wrong !== undefined) return wrong;
      }
    }
    return undefined;
  }

  function judge(event: unknown): Checked {
    if (typeof event !== "object" || event === null || Array.isArray(event)) {
      return { ok: false, reason: "the line is no JSON object" };
    }
    const value = event as Json;
    const family = familyOf(value);
    const legacy =
      family === "lineage" ? value.producer === "marimo-lineage-tracker" : value.schema_version === undefined;
    if (legacy) {
      const check = checks.own("legacy-event");
      return check(value)
        ? { ok: true, family, legacy, event: value }
        : { ok: false, reason: problem(check) };
    }
    if (family === "lineage") {
      const wrong = lineage(value);
      return wrong === undefined ? { ok: true, family, legacy, event: value } : { ok: false, reason: wrong };
    }
    const check = checks.own(family === "runtime" ? "runtime-event" : "dataframe-event");
    return check(value) ? { ok: true, family, legacy, event: value } : { ok: false, reason: problem(check) };
  }

  return {
    event: judge,
    line(text) {
      let event: unknown;
      try {
        event = JSON.parse(text);
      } catch {
        return { ok: false, reason: "the line is not JSON" };
      }
      return judge(event);
    },
  };
}

/** By content, so that a file may hold any mixture. */
function familyOf(event: Json): Family {
  if (typeof event.eventType === "string" || typeof event.eventTime === "string") return "lineage";
  return typeof event.event_type === "string" && event.event_type.startsWith("dataframe")
    ? "dataframe"
    : "runtime";
}

function problem(check: Check): string {
  const [first] = check.errors ?? [];
  if (first === undefined) return "not valid";
  return `${first.instancePath || "the event"} ${first.message ?? "is not valid"}`.slice(0, 300);
}
