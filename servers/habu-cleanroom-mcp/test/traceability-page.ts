import { notEmulated } from "../emulator/operations.ts";
import { operationIds, operationOf } from "../src/contract/operations.ts";
import { tools } from "../src/tools/index.ts";
import { plan } from "./traceability.ts";

const packagePath = "../../servers/habu-cleanroom-mcp";

/** The page as it should be: plan bullet to tool and test, and operation to tool or reason. */
export function traceabilityPage(): string {
  const bullets = Object.entries(plan).flatMap(([name, rows]) =>
    rows.map(
      ({ bullet, file, title, limit }) =>
        `| ${bullet} | \`${name}\` | [${file.split("/").at(-1)}](${packagePath}/${file}): ${title} … | ${limit ?? ""} |`,
    ),
  );
  const operations = operationIds.map((id) => {
    const { method, path } = operationOf(id);
    const users = usersOf(id);
    return `| \`${id}\` | \`${method} ${path}\` | ${users.length > 0 ? users.map((name) => `\`${name}\``).join(", ") : reasonFor(id)} |`;
  });
  const used = operationIds.filter((id) => usersOf(id).length > 0).length;
  return [
    "# habu-cleanroom-mcp: from plan to test, from operation to tool",
    "Generated from `servers/habu-cleanroom-mcp/test/traceability.ts` and the tools' own tables; a test fails when it is out of date or a named test is gone.",
    "## Plan bullet, tool, test",
    [
      "| Bullet of the plan | Tool | Test | Limit of the platform and its substitute |",
      "| --- | --- | --- | --- |",
      ...bullets,
    ].join("\n"),
    "## Operation, tool",
    `${used} of ${operationIds.length} declared operations are used. No tool can ask for anything else: requests are made from this table only.`,
    ["| Operation | Request | Used by, or why not |", "| --- | --- | --- |", ...operations].join("\n"),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

export function usersOf(id: string): string[] {
  return tools
    .filter(({ needs, uses }) => [...needs, ...uses].some((one) => one === id))
    .map(({ name }) => name);
}

/** Emulated, but no tool needs it. */
const unused: Readonly<Record<string, string>> = {
  getCleanroomAssetDetails: "the same facts come from cached lists the tools read anyway",
  updateQuestion: "SQL is edited in the console, where it can be tried",
  deleteQuestion: "removal is done in the console",
  getQuestionDataTypes: "the question's details hold them",
  deleteCleanroomQuestion: "removal is done in the console",
  getCleanroomQuestionTags: "tags decide nothing here",
  deleteCleanroomQuestionRun: "history is kept: reports are made from it",
  getCleanroomQuestionRunOutputFile: "rows are read as data; what its answer holds is undocumented",
  getCleanroomQuestionRunActivationSummaries: "activation is outside the plan",
  cancelPartnerInvitationByEmail: "cancelled by id, which fits one invitation only",
  getCleanroomPartnerById: "the list holds the same",
  deleteDataConnection: "datasets hang on it; removal is done in the console",
  getAllImportDataTypes: "the source's own data types are asked for",
  getAllCredentialSources: "found by name",
  createOrganizationCredential: "credentials are made in the console: no secret passes through a tool",
  getCleanroomFlow: "the list holds the same",
  getCleanroomFlowNodeDetails: "the preview of parameters names the nodes",
  getCleanroomFlowRunparameters: "the preview holds the same",
  getCleanroomQuestionDataTypeOptions: "the question's own details name the types its macros take",
  getCleanroomQuestionRunPartitionParameters: "the question's parameters hold them before a run is spent",
  getCleanroomQuestionRunScheduleById: "the list holds the same",
  getOrganizationCredentialById: "its answer repeats secrets; the list names credentials without them",
  getAllOrganizationUsers: "members of a room are what decides",
};

export function reasonFor(id: string): string {
  return (notEmulated as Record<string, string | undefined>)[id] ?? unused[id] ?? "";
}
