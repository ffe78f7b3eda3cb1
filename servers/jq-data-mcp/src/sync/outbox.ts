import type { Journal } from "../library/journal.ts";
import { type Operation, operationSchema } from "../library/operations.ts";
import { readMeta, writeMeta } from "../store/clock.ts";
import type { Database } from "../store/database.ts";
import type { Segment } from "./manifest.ts";

export const batchSize = 1_000;
/** Runs of just before midnight may be counted just after it. */
const dayMs = 86_400_000;

/** What the team has not seen of this instance, at most a batch. */
export interface Pending {
  readonly operations: readonly Operation[];
  readonly usage: Segment["usage"];
  readonly usageMark: string;
}

export function pendingOf(db: Database, { instance }: Journal, now: number): Pending {
  const operations = db
    .all<{ body: string }>("SELECT body FROM outbox ORDER BY hlc LIMIT ?", batchSize)
    .map(({ body }) => operationSchema.parse(JSON.parse(body)));
  const sum =
    db.get<{ calls: number | null }>("SELECT sum(calls) AS calls FROM usage WHERE instance = ?", instance)
      ?.calls ?? 0;
  const [sent = "0", since = ""] = (readMeta(db, "usage_sent") ?? "").split(" ");
  const usage =
    Number(sent) === sum
      ? []
      : db.all<Segment["usage"][number]>(
          "SELECT * FROM usage WHERE instance = ? AND day >= ? ORDER BY day, item, user",
          instance,
          since,
        );
  return { operations, usage, usageMark: `${sum} ${new Date(now - dayMs).toISOString().slice(0, 10)}` };
}

export function noteUsageSent(db: Database, { usageMark }: Pending): void {
  writeMeta(db, "usage_sent", usageMark);
}

export function outboxLength(db: Database): number {
  return Number(db.get<{ n: number }>("SELECT count(*) AS n FROM outbox")?.n ?? 0);
}
