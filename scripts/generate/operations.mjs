import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { root } from "../run/workspace.mjs";
import { table } from "./markdown.mjs";

const lineage = new URL("servers/lineage-mcp/scripts/", root);

/** The recorder's own tables, read by any Python of the machine. */
export async function observedOperations() {
  const { interpreters } = await import(new URL("python-env.mjs", lineage));
  const [found] = interpreters();
  if (found === undefined) throw new Error("the table of operations needs Python 3.10 or later on PATH");
  const script = fileURLToPath(new URL("operations_table.py", lineage));
  return JSON.parse(execFileSync(found.path, [script], { encoding: "utf8" }));
}

/** How sure the columns of each observed operation are. */
export function operationReference(operations) {
  const libraries = grouped(operations, ({ library }) => library);
  const sections = [...libraries].map(([library, rows]) => {
    const groups = grouped(rows, ({ on, confidence, unless }) => JSON.stringify([on, confidence, unless]));
    const body = [...groups].map(([key, each]) => {
      const [on, confidence, unless] = JSON.parse(key);
      const names = [...new Set(each.map(({ shown }) => `\`${shown}\``))].join(", ");
      return [on, names, confidence, unless ?? ""];
    });
    return `## ${library}\n\n${table(["On", "Operations", "Columns are", "Less when"], body)}`;
  });
  return `# lineage-mcp: operations

Generated from the recorder's tables by \`npm run generate\`. Each row called exact is done on real frames by a test, and
again with each column of its operands changed: what changes in the result is what the recorder names.

exact: these columns and no others. inferred: at least these, as far as could be seen. coarse: every column may come from
every column. file: the file or table read or written is a dataset, its columns pass through.

${sections.join("\n\n")}
`;
}

function grouped(rows, key) {
  const groups = new Map();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
