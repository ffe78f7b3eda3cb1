import { z } from "zod";
import { weekdays } from "../habu/schedules.ts";
import { reference, text, values } from "../workflow/fields.ts";

export const shape = {
  question: reference,
  cleanroom: reference.optional(),
  action: z.enum(["list", "create", "update", "delete", "pause", "restore", "history", "conflicts"]),
  schedule: reference.optional(),
  name: text(100).optional(),
  frequency: z.enum(["DAILY", "WEEKLY", "MONTHLY"]).optional(),
  days: z.array(z.enum(weekdays)).min(1).max(7).optional(),
  month_days: z.array(z.int().min(1).max(31)).min(1).max(31).optional(),
  start: z.iso.datetime({ offset: true }).optional(),
  end: z.iso.datetime({ offset: true }).optional(),
  parameters: values.optional(),
};

export type Input = z.output<z.ZodObject<typeof shape>>;
