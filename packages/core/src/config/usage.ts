import type { CommandLine, Flag, FlagTable } from "./command-line.ts";

const width = 100;

/** The text of `--help`, generated from the flag table. */
export function usageText(spec: CommandLine<FlagTable>): string {
  const rows: [string, string][] = Object.entries(spec.flags).map(([name, flag]) => [
    `${flag.short === undefined ? "    " : `-${flag.short}, `}--${name}${placeholder(flag)}`,
    flag.help,
  ]);
  const takes = spec.positionals.usage === "" ? "" : ` ${spec.positionals.usage}`;
  const blocks = [
    `${spec.name} ${spec.version}: ${spec.summary}`,
    `Usage: ${spec.name}${takes} [FLAGS]`,
    ...(spec.positionals.help === "" ? [] : [columns([[spec.positionals.usage, spec.positionals.help]])]),
    `Flags:\n${columns(rows)}`,
  ];
  if (spec.examples !== undefined) blocks.push(`Examples:\n${columns(spec.examples)}`);
  return `${blocks.join("\n\n")}\n`;
}

function placeholder(flag: Flag): string {
  if (flag.type === "boolean") return "";
  if (flag.type === "choice") return ` ${flag.choices.join("|")}`;
  return ` ${flag.value}${flag.type === "list" ? ",…" : ""}`;
}

/** Long left sides get a line of their own. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const left = Math.min(Math.max(...rows.map(([head]) => head.length)), 34);
  return rows
    .flatMap(([head, text]) => {
      const lines = wrap(text, width - left - 4);
      const first = head.length > left ? [`  ${head}`] : [];
      const rest = first.length === 0 ? [`  ${head.padEnd(left)}  ${lines.shift() ?? ""}`] : [];
      return [...first, ...rest, ...lines.map((line) => `${" ".repeat(left + 4)}${line}`)];
    })
    .map((line) => line.trimEnd())
    .join("\n");
}

function wrap(text: string, max: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length >= max) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
