import { z } from "zod";

export const text = (max = 200) => z.string().min(1).max(max);
/** Of a room, a question, a connection: id, display id or name. */
export const reference = text();
export const email = z.email().max(254);
export const day = z.iso.date();
export const values = z.record(z.string().min(1).max(200), z.string().max(2_000));
export const waitSeconds = z.int().min(0).max(600).optional();
export const days = z.int().min(1).max(365).optional();
export const fieldMap = z.record(
  text(),
  z.strictObject({
    identifier: z.string().max(80).optional(),
    user_id: z.boolean().optional(),
    pii: z.boolean().optional(),
    exclude: z.boolean().optional(),
  }),
);
