import { verifyAuditTrail } from "../audit/verify.ts";
import { readSecretFile } from "../config/secret.ts";
import { isToolError } from "../error/tool-error.ts";

/** 0 when the trail is whole, 1 when it is not or cannot be read; prints each problem with its line. */
export async function auditVerifyCommand(
  path: string,
  keyFile: string | undefined,
  say: (line: string) => void,
): Promise<number> {
  const key = keyFile === undefined ? undefined : readSecretFile(keyFile);
  if (key?.ok === false) {
    say(`The key file ${key.problem}.`);
    return 2;
  }
  try {
    const report = await verifyAuditTrail(path, key === undefined ? {} : { keys: [Buffer.from(key.text)] });
    for (const { file, line, kind, message } of report.problems) say(`${file}:${line} ${kind}: ${message}`);
    const signed =
      report.signatures === "verified" ? "signatures verified" : "signatures not checked (no key)";
    say(`${report.ok ? "whole" : "NOT WHOLE"}: ${report.records} records, ${report.files} files, ${signed}`);
    return report.ok ? 0 : 1;
  } catch (error) {
    if (!isToolError(error)) throw error;
    say(error.message);
    return 1;
  }
}
