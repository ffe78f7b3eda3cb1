import { z } from "zod";
import { reference, text } from "../workflow/fields.ts";

export const shape = {
  cleanroom: reference.optional(),
  question: reference.optional(),
  run: text(100).optional(),
  connection: reference.optional(),
  symptom: text(500).optional(),
  escalate: z.boolean().optional(),
  resolved: z.strictObject({ rule: text(60), how: text(500) }).optional(),
};

export type Input = z.output<z.ZodObject<typeof shape>>;
