import { z } from "zod";
import { stampSchema } from "../store/clock.ts";
import { roles } from "./roles.ts";

const id = z.string().min(1).max(200);
const common = { id, hlc: stampSchema, actor: z.string().min(1).max(300) };

/** Everything that changes what a team shares. Applying one twice, or two in another order, ends the same. */
export const operationSchema = z.discriminatedUnion("kind", [
  z.object({
    ...common,
    kind: z.literal("version"),
    item: id,
    version: id,
    body: z.record(z.string(), z.unknown()),
    uses: z.array(z.string()),
    base: z.string().nullable(),
    source: z.enum(["yaml", "learned", "manual"]),
    seed_path: z.string().nullable(),
    engine: z.string().nullable(),
    restored_from: z.string().nullable(),
  }),
  z.object({
    ...common,
    kind: z.literal("activate"),
    item: id,
    /** Null: the item is deleted, or deactivated when the reason says so. */
    version: z.string().nullable(),
    base: z.string().nullable(),
    proposal: z.string().nullable(),
    reason: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal("propose"),
    proposal: id,
    item: id,
    version: id,
    base: z.string().nullable(),
    justification: z.string(),
    report: z.record(z.string(), z.unknown()),
    from_conflict: z.string().nullable(),
  }),
  z.object({ ...common, kind: z.literal("withdraw"), proposal: id }),
  z.object({ ...common, kind: z.literal("refuse"), proposal: id, reason: z.string() }),
  z.object({
    ...common,
    kind: z.literal("vote"),
    proposal: id,
    user: z.string().min(1),
    vote: z.enum(["approve", "reject", "none"]),
    comment: z.string().nullable(),
  }),
  z.object({ ...common, kind: z.literal("user"), user: z.string().min(1), name: z.string() }),
  z.object({ ...common, kind: z.literal("role"), user: z.string().min(1), role: z.enum(roles) }),
  z.object({ ...common, kind: z.literal("resolve"), conflict: id, resolution: z.string() }),
  z.object({
    ...common,
    kind: z.literal("note"),
    action: z.string(),
    subject: z.string(),
    details: z.record(z.string(), z.unknown()),
  }),
]);

export type Operation = z.output<typeof operationSchema>;
