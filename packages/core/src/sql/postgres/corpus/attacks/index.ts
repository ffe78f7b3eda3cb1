import type { Attack } from "../entry.ts";
import { columnAttacks } from "./columns.ts";
import { functionAttacks } from "./functions.ts";
import { lookalikes } from "./lookalikes.ts";
import { relationAttacks } from "./relations.ts";
import { statementAttacks } from "./statements.ts";

export const attackCorpus: readonly Attack[] = [
  ...statementAttacks,
  ...functionAttacks,
  ...relationAttacks,
  ...columnAttacks,
  ...lookalikes,
];
