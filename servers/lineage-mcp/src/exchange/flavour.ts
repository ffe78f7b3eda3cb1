type Json = Record<string, unknown>;

export type Flavour = "spec" | "marquez";

/** The event as it is, or with the fields an older reader looks for. */
export function flavoured(event: Json, flavour: Flavour): Json {
  if (flavour === "spec") return event;
  return { ...event, outputs: ((event.outputs as Json[] | undefined) ?? []).map(withOldFields) };
}

function withOldFields(output: Json): Json {
  const facets = output.facets as Json | undefined;
  const lineage = facets?.columnLineage as { fields?: Record<string, Json> } | undefined;
  if (lineage?.fields === undefined) return output;
  const fields = Object.fromEntries(
    Object.entries(lineage.fields).map(([name, field]) => {
      const kinds = ((field.inputFields as Json[] | undefined) ?? []).flatMap((input) =>
        ((input.transformations as Json[] | undefined) ?? []).map((each) => String(each.subtype ?? "")),
      );
      const identity = kinds.length > 0 && kinds.every((kind) => kind === "IDENTITY");
      return [
        name,
        {
          ...field,
          transformationType: identity ? "IDENTITY" : "MASKED",
          transformationDescription: [...new Set(kinds)].join(", ").toLowerCase(),
        },
      ];
    }),
  );
  return { ...output, facets: { ...facets, columnLineage: { ...lineage, fields } } };
}
