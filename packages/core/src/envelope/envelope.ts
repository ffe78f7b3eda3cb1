/** Where the rest of a cut list is. */
export interface Page {
  readonly next_cursor?: string;
  readonly has_more: boolean;
  readonly total?: number;
}

/** What a successful call shows its caller, as `structuredContent` and as the same JSON in `content`. */
export interface Success {
  readonly success: true;
  readonly data: Readonly<Record<string, unknown>>;
  readonly project_id?: string;
  readonly schema?: string;
  readonly warnings?: readonly string[];
  readonly page?: Page;
  readonly timing_ms: number;
}

export interface EnvelopeParts {
  readonly data: Readonly<Record<string, unknown>>;
  readonly projectId?: string | undefined;
  readonly schema?: string | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly page?: Page | undefined;
  readonly timingMs: number;
}

/** `warnings` and `page` appear only when they say something. */
export function envelope(parts: EnvelopeParts): Success {
  return {
    success: true,
    data: parts.data,
    ...(parts.projectId === undefined ? {} : { project_id: parts.projectId }),
    ...(parts.schema === undefined ? {} : { schema: parts.schema }),
    ...(parts.warnings?.length ? { warnings: parts.warnings } : {}),
    ...(parts.page === undefined ? {} : { page: parts.page }),
    timing_ms: parts.timingMs,
  };
}

/** JSON Schema of the envelope as every tool advertises it: `data` stays open to keep tools/list small. */
export const envelopeJsonSchema = {
  type: "object",
  properties: {
    success: { const: true },
    data: { type: "object" },
    project_id: { type: "string" },
    schema: { type: "string" },
    warnings: { type: "array", items: { type: "string" } },
    page: { type: "object" },
    timing_ms: { type: "number" },
  },
  required: ["success", "data", "timing_ms"],
} as const;
