import { z } from "zod";
import { reference, text, values, waitSeconds } from "../workflow/fields.ts";

export const shape = {
  cleanroom: reference,
  flow: reference.optional(),
  action: z.enum(["list", "run", "replay", "continue"]).optional(),
  run: text(100).optional(),
  name: text(80).optional(),
  parameters: z.record(text(), values).optional(),
  wait_seconds: waitSeconds,
};

export type Input = z.output<z.ZodObject<typeof shape>>;
