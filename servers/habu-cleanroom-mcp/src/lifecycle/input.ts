import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { day, reference, text } from "../workflow/fields.ts";
import type { Work } from "../workflow/work.ts";

export const shape = {
  cleanroom: reference,
  action: z.enum([
    "update",
    "invite",
    "remove_partner",
    "cancel_invitation",
    "reinvite",
    "close",
    "archive",
    "reactivate",
    "delete",
  ]),
  name: text(120).optional(),
  description: text(1_000).optional(),
  end: day.optional(),
  partner: text(254).optional(),
};

export type Input = z.output<z.ZodObject<typeof shape>>;

export function partnerOf({ input }: Work<Input>): string {
  if (input.partner !== undefined) return input.partner;
  throw new ToolError("VALIDATION_ERROR", `partner is missing for ${input.action}.`, {
    hint: "Give the partner's e-mail address or name.",
  });
}
