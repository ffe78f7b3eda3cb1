import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

export interface Row {
  readonly measure: string;
  readonly unit: string;
  readonly lower_is_better: boolean;
  readonly ours: number;
  readonly others: Readonly<Record<string, number>>;
  /** What the spec asks for, in words. */
  readonly goal?: string;
}

export interface Result {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A measure no peer has; less is better. */
export function alone(measure: string, unit: string, ours: number, goal?: string): Row {
  return {
    measure,
    unit,
    lower_is_better: true,
    ours,
    others: {},
    ...(goal === undefined ? {} : { goal }),
  };
}

const folder = fileURLToPath(new URL("../../results/", import.meta.url));

/** Writes results/NAME.json, from which the README's table is generated, and prints the rows. */
export function keep(name: string, { title, rows }: Result): void {
  const machine = `${cpus().length} cores, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 10);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ title, date, machine, rows }, null, 2)}\n`);
  console.error(`\n${title}`);
  for (const row of rows) {
    const others = Object.entries(row.others).map(([peer, value]) => `${peer} ${show(value)}`);
    console.error(
      `  ${row.measure}: ${show(row.ours)} ${row.unit}${others.length > 0 ? ` (${others.join(", ")})` : ""}`,
    );
  }
}

function show(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value >= 100 ? 0 : 2 });
}
