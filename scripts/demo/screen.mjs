const codes = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 };

/** How many columns a terminal line may fill, and whether colour is welcome. */
export function terminal(stream = process.stdout, env = process.env) {
  const noColor = (env.NO_COLOR ?? "") !== "";
  return {
    width: Math.max(40, Math.min(stream.columns ?? 100, 110)),
    color: stream.isTTY === true && !noColor,
  };
}

/** Prints a demo: headings, calls, tables and refusals, aligned to `width`. */
export function createScreen({ width, color, write }) {
  const paint = (style, text) => (color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
  const print = (text = "") => write(`${text}\n`);
  return {
    title(text) {
      print();
      print(paint("bold", text));
      print(paint("dim", "─".repeat(Math.min(width, text.length))));
    },
    text(text) {
      for (const line of wrap(text, width)) print(line);
    },
    call(tool, args) {
      const { sql, ...rest } = args;
      print();
      print(`${paint("cyan", "›")} ${paint("bold", `${tool} ${describeArguments(rest)}`.trim())}`);
      for (const line of sql?.split("\n") ?? []) print(`    ${paint("cyan", line)}`);
    },
    lines(lines) {
      for (const line of lines) print(`  ${cut(line, width - 2)}`);
    },
    table(head, rows) {
      const widths = columnWidths([head, ...rows], width - 2);
      const numeric = head.map((_, i) => rows.length > 0 && rows.every((row) => isNumber(row[i])));
      const line = (cells) =>
        cells
          .map((value, i) => fit(cellText(value), widths[i], numeric[i]))
          .join("  ")
          .trimEnd();
      print(`  ${paint("dim", line(head))}`);
      for (const row of rows) print(`  ${line(row)}`);
    },
    note(text) {
      for (const line of wrap(text, width - 2)) print(`  ${paint("dim", line)}`);
    },
    refused(code, message, hint) {
      print(`  ${paint("red", code)}`);
      for (const line of wrap(message, width - 4)) print(`    ${line}`);
      if (hint) for (const line of wrap(`Hint: ${hint}`, width - 4)) print(`    ${paint("green", line)}`);
    },
  };
}

/** Words onto lines of at most `width`; a longer word stands alone. */
export function wrap(text, width) {
  return text.split("\n").flatMap((paragraph) => {
    const lines = [""];
    for (const word of paragraph.split(" ")) {
      const current = lines.at(-1);
      if (current !== "" && [...current].length + 1 + [...word].length > width) lines.push(word);
      else lines[lines.length - 1] = current === "" ? word : `${current} ${word}`;
    }
    return lines;
  });
}

/** Widths that show every column, the widest giving way first, within `room`. */
export function columnWidths(rows, room) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => [...cellText(row[i])].length)));
  const gaps = 2 * (widths.length - 1);
  while (widths.reduce((sum, value) => sum + value, gaps) > room && Math.max(...widths) > 4) {
    widths[widths.indexOf(Math.max(...widths))] -= 1;
  }
  return widths;
}

function fit(text, width, right) {
  const shown = cut(text, width);
  const space = " ".repeat(width - [...shown].length);
  return right ? space + shown : shown + space;
}

function cellText(value) {
  if (value === null || value === undefined) return "–";
  return String(typeof value === "object" ? JSON.stringify(value) : value).replace(/\s+/g, " ");
}

function isNumber(value) {
  return value === null || (value !== "" && !Number.isNaN(Number(value)) && typeof value !== "boolean");
}

function describeArguments(args) {
  return Object.entries(args)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(" ");
}

function cut(text, width) {
  const letters = [...text];
  return letters.length > width ? `${letters.slice(0, width - 1).join("")}…` : text;
}
