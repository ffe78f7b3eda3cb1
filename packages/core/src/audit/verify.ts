import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { basename } from "node:path";
import { ToolError } from "../error/tool-error.ts";
import { type ChainRecord, type HeadBody, hashOf, isSigned, parseRecord } from "./chain.ts";
import { readHead, type SignedHead } from "./head-file.ts";
import { type RawLine, readLines } from "./lines.ts";
import { rotatedFiles } from "./rotated.ts";

type AuditProblemKind = "edit" | "gap" | "reorder" | "insert" | "truncation" | "signature";

export interface AuditProblem {
  readonly kind: AuditProblemKind;
  readonly file: string;
  /** From 1; 0 where the problem is the file as a whole. */
  readonly line: number;
  readonly message: string;
}

export interface AuditReport {
  readonly ok: boolean;
  readonly files: number;
  readonly records: number;
  readonly events: number;
  /** Whether heads were checked against a key. */
  readonly signatures: "verified" | "not_checked";
  readonly problems: readonly AuditProblem[];
}

export interface VerifyOptions {
  /** Every key that signed since the trail began. */
  readonly keys?: readonly Uint8Array[];
  /** A head kept elsewhere; the one beside the file when absent. */
  readonly head?: SignedHead;
  /** The file holds other lines too, as a collected stderr does; they are passed over. */
  readonly mixed?: boolean;
}

const maxProblems = 100;

/**
 * Checks a trail with the files it was rotated into: edits, gaps, reorders, insertions, a cut end.
 * NOT_FOUND when there is no such file. A closed or live trail is fine; a killed one is, up to its last head.
 */
export async function verifyAuditTrail(path: string, options: VerifyOptions = {}): Promise<AuditReport> {
  await access(path, constants.R_OK).catch((cause) => {
    throw new ToolError("NOT_FOUND", "The audit file does not exist or cannot be read.", { cause });
  });
  const files = [...(await rotatedFiles(path)), path];
  const head = options.head ?? (await readHead(path));
  const check = createCheck(options.keys ?? [], head, options.mixed === true);
  for (const file of files) {
    for await (const line of readLines(file)) check.line(basename(file), line);
  }
  return { files: files.length, ...check.finish(basename(path)) };
}

function createCheck(
  keys: readonly Uint8Array[],
  head: SignedHead | "unreadable" | undefined,
  mixed: boolean,
) {
  const problems: AuditProblem[] = [];
  const gaps: { chain: string; from: number; to: number; left: number; problem: AuditProblem }[] = [];
  let last: ChainRecord | undefined;
  let damaged = 0;
  let records = 0;
  let events = 0;
  let sawHead = false;
  let lastLine = 0;

  const report = (kind: AuditProblemKind, file: string, line: number, message: string) => {
    const problem = { kind, file, line, message };
    if (problems.length < maxProblems) problems.push(problem);
    return problem;
  };

  function line(file: string, { number, bytes, whole }: RawLine): void {
    lastLine = number;
    const record = parseRecord(bytes);
    if (record === undefined && mixed) return;
    if (!whole) report("truncation", file, number, "the line has no end");
    if (record === undefined || hashOf(record) !== record.hash) {
      report("edit", file, number, "the line is not what was written");
      damaged += 1;
      return;
    }
    records += 1;
    if (record.type === "event") events += 1;
    if (record.type === "head") checkHead(file, number, record);
    if (record.type === "start" && (record.body as { after_damage?: unknown }).after_damage === true) {
      report("truncation", file, number, "a damaged or shortened trail was set aside before this record");
    }
    if (isAt(record, head)) sawHead = true;
    if (!follows(file, number, record)) return;
    last = record;
    damaged = 0;
  }

  /** Whether the record goes on from the one before, perhaps after a gap; a misplaced one does not. */
  function follows(file: string, number: number, record: ChainRecord): boolean {
    const { chain, seq } = record;
    const expected = last === undefined ? 0 : last.seq + 1;
    if (last !== undefined && chain !== last.chain) {
      report("gap", file, number, "another chain begins; the one before it does not lead here");
      return true;
    }
    if (seq < expected) {
      const gap = gaps.find((one) => one.chain === chain && seq >= one.from && seq < one.to && one.left > 0);
      if (gap === undefined) report("insert", file, number, `record ${seq} was there before`);
      else {
        report("reorder", file, number, `record ${seq} stands after record ${expected - 1}`);
        gap.left -= 1;
        if (gap.left === 0) problems.splice(problems.indexOf(gap.problem), 1);
      }
      return false;
    }
    if (seq > expected + damaged) {
      const problem = report("gap", file, number, `records ${expected} to ${seq - 1} are missing`);
      gaps.push({ chain, from: expected, to: seq, left: seq - expected, problem });
    } else if (seq === expected && record.prev_hash !== (last?.hash ?? "")) {
      report("edit", file, number, "the record before it is not the one it was written after");
    }
    if (last?.type === "head" && (last.body as HeadBody).closing && record.type !== "start") {
      report("insert", file, number, "a record stands after the closing head");
    }
    return true;
  }

  function checkHead(file: string, number: number, record: ChainRecord): void {
    const at = { chain: record.chain, seq: record.seq, hash: record.prev_hash };
    if (keys.length > 0 && !isSigned(at, record.body as HeadBody, keys)) {
      report("signature", file, number, "the head is not signed by any of the keys");
    }
  }

  function finish(file: string): Omit<AuditReport, "files"> {
    const isClosed = last?.type === "head" && (last.body as HeadBody).closing;
    if (head === "unreadable") {
      report("signature", file, 0, "the signed head beside the file is damaged");
    } else if (head === undefined) {
      if (!isClosed)
        report("truncation", file, lastLine, "the trail ends without a closing head: killed, or cut off");
    } else {
      if (keys.length > 0 && !isSigned(head, head, keys)) {
        report("signature", file, 0, "the signed head beside the file is not signed by any of the keys");
      }
      if (!sawHead)
        report(
          "truncation",
          file,
          lastLine,
          `the signed head knows ${head.seq} records; they are not all here`,
        );
      else if (head.closing && last !== undefined && last.seq + 1 !== head.seq) {
        report("insert", file, lastLine, "records follow although the signed head says the trail was closed");
      }
    }
    const signatures = keys.length > 0 ? "verified" : "not_checked";
    return { ok: problems.length === 0, records, events, signatures, problems };
  }

  return { line, finish };
}

function isAt(record: ChainRecord, head: SignedHead | "unreadable" | undefined): boolean {
  return (
    typeof head === "object" &&
    record.chain === head.chain &&
    record.seq + 1 === head.seq &&
    record.hash === head.hash
  );
}
