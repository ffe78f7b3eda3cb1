import { z } from "zod";
import { fieldMap, reference, text, values, waitSeconds } from "../workflow/fields.ts";

export const shape = {
  name: text(120),
  source: text().optional(),
  data_type: text().optional(),
  credential: reference.optional(),
  category: text().optional(),
  settings: values.optional(),
  mapping: fieldMap.optional(),
  accept_mapping: z.boolean().optional(),
  cleanroom: reference.optional(),
  wait_seconds: waitSeconds,
};

export type Input = z.output<z.ZodObject<typeof shape>>;
