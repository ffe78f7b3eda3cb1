import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

// A process of its own, so that its memory is its own: prints milliseconds, peak megabytes and the number of rows.
const [sql = ""] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const started = performance.now();
const rows = (await connection.runAndReadAll(sql)).getRows();
const ms = performance.now() - started;
const peakMb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1_024;
console.log(JSON.stringify({ ms, peakMb, rows: rows.length }));
