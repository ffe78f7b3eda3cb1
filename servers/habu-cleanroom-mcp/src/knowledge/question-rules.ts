import { listBindings } from "../habu/bindings.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import { visible } from "../habu/visible.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

export async function judgeQuestion({ habu }: Facts, question: RoomQuestion): Promise<Finding[]> {
  const unseen: string[] = [];
  const bindings = await visible("datasets", () => listBindings(habu, question.id), unseen);
  const findings: Finding[] = (bindings ?? [])
    .filter(({ datasetId }) => datasetId === "")
    .map(({ macro, organisationName, dataType }) => ({
      rule: "DATASET_MISSING",
      severity: "high",
      subject: question.displayId,
      cause:
        organisationName === ""
          ? `@${macro} has no owner and no dataset.`
          : `@${macro} waits for ${organisationName}.`,
      evidence: `status ${question.status}, data type ${dataType}`,
      fix:
        organisationName === ""
          ? "Assign owner and dataset with deploy_analytics_question."
          : "The owner assigns a dataset in the console; ours are assigned with deploy_analytics_question.",
    }));
  for (const { macro, datasetId, fields } of bindings ?? []) {
    const open = datasetId === "" ? [] : fields.filter(({ value }) => value === "");
    if (open.length > 0)
      findings.push({
        rule: "FIELDS_UNMAPPED",
        severity: "medium",
        subject: question.displayId,
        cause: `Fields of @${macro} are not mapped.`,
        evidence: open.map(({ name }) => name).join(", "),
        fix: "Map them with deploy_analytics_question, fields.",
      });
  }
  if (question.status !== "READY" && findings.length === 0)
    findings.push({
      rule: "NOT_READY",
      severity: "high",
      subject: question.displayId,
      cause: "The question cannot run.",
      evidence: `status ${question.status}${unseen.length > 0 ? `; ${unseen.join("; ")}` : ""}`,
      fix: "Look at it in the console.",
    });
  return findings;
}
