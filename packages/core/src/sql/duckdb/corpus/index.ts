import type { AttackGroup } from "./attack.ts";
import { columnAttacks } from "./columns.ts";
import { engineAttacks } from "./engine.ts";
import { fileAttacks } from "./files.ts";
import { statementAttacks } from "./statements.ts";
import { tableAttacks } from "./tables.ts";

export const attackGroups: readonly AttackGroup[] = [
  ...fileAttacks,
  ...engineAttacks,
  ...tableAttacks,
  ...columnAttacks,
  ...statementAttacks,
];
