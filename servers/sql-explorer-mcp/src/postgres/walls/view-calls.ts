import type { ViewCall } from "../catalog/catalog.ts";

/**
 * The body of an SQL function as a statement the gate can judge: names of arguments become parameters. A name that is
 * no argument where it stands makes a text that does not parse, and is refused with that.
 */
export function bodyStatement(call: ViewCall): { readonly sql: string; readonly params: number } | undefined {
  let sql = statementOf(call.body ?? "");
  if (sql === undefined) return undefined;
  for (const [at, name] of call.argumentNames.entries()) {
    if (name === "") continue;
    if (!/^[a-z_][a-z0-9_]*$/.test(name)) return undefined;
    sql = sql.replace(new RegExp(`(?<![\\w$"'.])${name}(?![\\w$"'.])`, "gi"), `$$${at + 1}`);
  }
  const used = [...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
  return { sql, params: Math.max(0, ...used) };
}

const definition = /^CREATE OR REPLACE FUNCTION /;
// Nothing quoted in front, so that no name or default can look like the body.
const returning = /^[^"']*?\nRETURN ([\s\S]+)$/;
const atomic = /^[^"']*?\nBEGIN ATOMIC\n([\s\S]+);\s*END\s*$/;

/** Also from a whole definition, as the server prints it when the body is no string. */
function statementOf(body: string): string | undefined {
  if (!definition.test(body)) return body;
  const returned = returning.exec(body)?.[1];
  return returned === undefined ? atomic.exec(body)?.[1] : `SELECT ${returned}`;
}
