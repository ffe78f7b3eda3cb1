import { appendFileSync } from "node:fs";
import { cellRun } from "./events.ts";

// usage: writer.ts FILE EVENTS_PER_SECOND; writes cell runs until it is ended
const [file = "", rate = "10000"] = process.argv.slice(2);
const perTick = Number(rate) / 100;
const started = performance.now();
let sent = 0;
setInterval(() => {
  const due = ((performance.now() - started) / 10) * perTick;
  const lines: string[] = [];
  for (; sent < due; sent += 2) lines.push(...cellRun("0000000f", sent));
  if (lines.length > 0) appendFileSync(file, `${lines.join("\n")}\n`);
}, 10);
