import { z } from "zod";
import { permissionWords } from "../habu/permissions.ts";
import { reference, text } from "../workflow/fields.ts";

const newQuestion = z.strictObject({
  title: text(),
  category: text(),
  sql: text(50_000),
  description: text(1_000).optional(),
  macros: z.record(text(), z.strictObject({ type: text(), fields: z.record(text(), text(40)) })),
  parameters: z.record(text(), text(40)).optional(),
  dimensions: z.record(text(), text(40)).optional(),
  measures: z.record(text(), text(40)).optional(),
});

export const shape = {
  cleanroom: reference,
  question: reference.optional(),
  create: newQuestion.optional(),
  datasets: z.record(text(), reference).optional(),
  fields: z.record(text(), z.record(text(), text())).optional(),
  permissions: z.partialRecord(z.enum(permissionWords), z.enum(["owner", "partners"])).optional(),
  compute: z.enum(["DEFAULT", "MEDIUM", "LARGE", "XLARGE"]).optional(),
};

export type Input = z.output<z.ZodObject<typeof shape>>;
