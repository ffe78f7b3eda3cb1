import {
  type Annotations,
  defineTool,
  missingScopes,
  type Outcome,
  type ToolContext,
  type ToolDefinition,
  ToolError,
  untrusted,
} from "@mcp-data/core";
import { z } from "zod";
import { missingPermission } from "../client/permission.ts";
import type { OperationId } from "../contract/operations.ts";
import type { Services } from "../services.ts";
import type { SavedWork } from "../state/work-store.ts";
import { checkArguments, type Words, wireInput } from "./wire-input.ts";
import { createWork, type Work, type WorkData } from "./work.ts";

const report = z.object({
  environment: z.string(),
  status: z.enum(["done", "planned", "confirmation_required", "needs_input", "running", "waiting"]),
  confirm: z.object({ handle: z.string(), expires_in_ms: z.number() }).optional(),
  resume: z.string().optional(),
  next: z
    .array(
      z.object({
        tool: z.string(),
        why: z.string(),
        arguments: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
  calls: z.int(),
  report: untrusted(z.record(z.string(), z.unknown())),
});

const controls = z.object({
  dry_run: z.boolean().optional(),
  confirm: z.string().max(4_000).optional(),
  resume: z.string().max(200).optional(),
});

export interface WorkflowSpec<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  readonly input: Shape;
  /** A few words on each argument. */
  readonly words: Words<Shape>;
  readonly kind: "read" | "write" | "destructive";
  /** Arguments with which a reading tool writes a file of this server; a read-only server has none of them. */
  readonly files?: readonly (keyof Shape & string)[];
  /** Operations without which the tool is of no use; a token that clearly lacks their permission hides it. */
  readonly needs: readonly OperationId[];
  /** Further operations it may call. */
  readonly uses: readonly OperationId[];
  readonly timeoutMs?: number;
  run(work: Work<z.output<z.ZodObject<Shape>>>): Promise<Outcome<WorkData>>;
}

export interface WorkflowTool extends ToolDefinition<Services> {
  readonly needs: readonly OperationId[];
  readonly uses: readonly OperationId[];
  /** What a read-only server has in its place. */
  readonly whenReadOnly?: ToolDefinition<Services>;
}

const hints: Record<WorkflowSpec<z.ZodRawShape>["kind"], Annotations> = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  write: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  destructive: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
};

/** A tool that is a whole workflow: resume, dry run and confirmation are the same in all of them. */
export function workflowTool<Shape extends z.ZodRawShape>(spec: WorkflowSpec<Shape>): WorkflowTool {
  const { files = [], needs, uses } = spec;
  if (files.length === 0) return { ...toolFor(spec, spec.input, hints[spec.kind]), needs, uses };
  const fewer = Object.entries(spec.input).filter(([name]) => !files.includes(name));
  return {
    ...toolFor(spec, spec.input, hints.write),
    needs,
    uses,
    whenReadOnly: toolFor(spec, Object.fromEntries(fewer), hints.read),
  };
}

function toolFor<Shape extends z.ZodRawShape>(
  spec: WorkflowSpec<Shape>,
  shown: z.ZodRawShape,
  annotations: Annotations,
): ToolDefinition<Services> {
  const reads = spec.kind === "read";
  const input = wireInput(shown, spec.words, !reads);

  const tool = defineTool({
    name: spec.name,
    title: spec.title,
    description: spec.description,
    group: spec.group,
    input,
    output: report,
    annotations,
    scopes: [reads ? "data:read" : "data:write"],
    ...(spec.timeoutMs === undefined ? {} : { timeoutMs: spec.timeoutMs }),
    async run(raw, context: ToolContext<Services>) {
      const { dry_run: _dry, confirm: _confirm, resume: _resume, ...args } = raw as Record<string, unknown>;
      requireFileScope(spec.files ?? [], args, context);
      const { dry_run, confirm, resume } = checkArguments(controls.shape, reads ? {} : picked(raw));
      const owner = { tool: spec.name, principal: context.principal.id };
      const given = resume === undefined ? undefined : context.services.work.open(resume, owner);
      const merged = { ...given?.args, ...args };
      // Shapes set no defaults: one would hide what was settled before.
      const whole = checkArguments(spec.input, merged);
      if (given !== undefined && Object.keys(args).length > 0)
        await context.services.work.settle(given.handle, merged);
      const lost =
        given === undefined && !reads ? context.services.work.unanswered(owner, merged) : undefined;
      const work = createWork({
        tool: spec.name,
        input: whole,
        bound: merged,
        dryRun: dry_run === true,
        confirm,
        saved: given ?? lost,
        context,
      });
      if (context.services.environment === "EMULATOR")
        work.warn("EMULATOR: nothing here is real data of the platform.");
      if (lost !== undefined) work.warn(continued(lost));
      for (const missing of missingOf(spec.needs, context.services)) {
        work.warn(`The access token lacks ${missing}; the platform will probably refuse.`);
      }
      try {
        const outcome = await spec.run(work);
        await work.settled(outcome);
        return outcome;
      } catch (error) {
        const gone = work.removed(error);
        if (gone === undefined) throw await work.failure(error);
        await work.settled(gone);
        return gone;
      }
    },
  });
  return tool as unknown as ToolDefinition<Services>;
}

/** Reading is allowed to more callers than writing files is. */
function requireFileScope(
  files: readonly string[],
  args: Readonly<Record<string, unknown>>,
  { principal }: ToolContext<Services>,
): void {
  const named = files.find((name) => args[name] !== undefined);
  if (named === undefined || missingScopes(principal, ["data:write"]).length === 0) return;
  throw new ToolError("PERMISSION_DENIED", `${named} needs the scope data:write.`, {
    hint: "Leave it out to read only, or ask the operator for the scope.",
    details: { reason: "SCOPE", missing: ["data:write"] },
  });
}

/** Steps are named by their keys here; the report has their words. */
function continued({ done, inFlight }: SavedWork): string {
  const finished = Object.keys(done);
  return [
    "An earlier call with these arguments came to no known end; this one goes on with it.",
    finished.length === 0 ? "" : `Done before: ${finished.slice(0, 6).join(", ")}.`,
    inFlight === undefined ? "" : `Begun, its end unknown: ${inFlight}.`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function picked(raw: unknown): Record<string, unknown> {
  const given = raw as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(controls.shape).flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}

function missingOf(needs: readonly OperationId[], services: Pick<Services, "tokens">): string[] {
  const permissions = services.tokens.permissions();
  return [...new Set(needs.flatMap((id) => missingPermission(id, permissions) ?? []))];
}
