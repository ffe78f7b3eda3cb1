import { z } from "zod";
import { fieldMap, reference, text, values } from "../workflow/fields.ts";

export const shape = {
  action: z.enum(["health", "diagnose", "update", "remap", "retry", "rotate_credential"]),
  connection: reference.optional(),
  name: text(120).optional(),
  settings: values.optional(),
  credential: reference.optional(),
  mapping: fieldMap.optional(),
};

export type Input = z.output<z.ZodObject<typeof shape>>;
