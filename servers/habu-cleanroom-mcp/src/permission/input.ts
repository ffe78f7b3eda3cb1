import { z } from "zod";
import { permissionWords } from "../habu/permissions.ts";
import { email, reference, text } from "../workflow/fields.ts";

export const shape = {
  cleanroom: reference,
  action: z.enum(["report", "question", "dataset", "user", "audit"]),
  question: reference.optional(),
  permissions: z.partialRecord(z.enum(permissionWords), z.enum(["owner", "partners"])).optional(),
  dataset: reference.optional(),
  partner_can_assign: z.boolean().optional(),
  filters: z
    .array(
      z.strictObject({
        field: text(),
        operator: z.enum(["EQUALS", "NOT_EQUALS", "IN", "NOT_IN"]),
        values: z.array(text()).min(1).max(100),
      }),
    )
    .max(20)
    .optional(),
  user: email.optional(),
  role: text(60).optional(),
  remove: z.boolean().optional(),
};

export type Input = z.output<z.ZodObject<typeof shape>>;
