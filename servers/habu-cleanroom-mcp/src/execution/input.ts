import { z } from "zod";
import { reference, text, values, waitSeconds } from "../workflow/fields.ts";

export const shape = {
  question: reference,
  cleanroom: reference.optional(),
  parameters: values.optional(),
  name: text(80).optional(),
  fresh: z.boolean().optional(),
  wait_seconds: waitSeconds,
};

export type Input = z.output<z.ZodObject<typeof shape>>;
