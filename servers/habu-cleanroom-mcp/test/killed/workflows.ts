import type { Emulator } from "../../emulator/emulator.ts";

/** Arguments of a call a person would make. */
export interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Asks again with the handle while it runs. */
  readonly comesBack?: boolean;
}

export interface Workflow extends Call {
  readonly name: string;
  /** Calls made before, undisturbed. */
  readonly before?: readonly Call[];
  /** Milliseconds that pass after them. */
  readonly later?: number;
  /** The end may be this refusal instead of success: what exists cannot be told. */
  readonly untold?: string;
  readonly arrange?: (emulator: Emulator) => void;
}

const reach = {
  question: "Reach by Segment",
  cleanroom: "CR-1001",
  parameters: {
    min_reach: "10",
    "adlogs.exposure_date_start": "2026-11-01",
    "adlogs.exposure_date_end": "2026-11-10",
  },
};
const nodes = {
  "Q-202": {
    min_reach: "5",
    "adlogs.exposure_date_start": "2026-10-01",
    "adlogs.exposure_date_end": "2026-10-31",
  },
};
const lifecycle = (action: string, more: object = {}): Workflow => ({
  name: `lifecycle: ${action}`,
  tool: "manage_cleanroom_lifecycle",
  args: { cleanroom: "CR-1002", action, ...more },
});
const integration = (action: string, more: object = {}): Workflow => ({
  name: `integration: ${action}`,
  tool: "manage_data_integration",
  args: { action, ...more },
});
const schedules = (action: string, more: object = {}): Call => ({
  tool: "manage_question_schedules",
  args: { question: "Campaign Overlap", cleanroom: "CR-1001", action, ...more },
});
const scheduled = (action: string, before: readonly Call[], more: object = {}): Workflow => ({
  name: `schedule: ${action}`,
  before,
  ...schedules(action, more),
});
const permissions = (name: string, more: object): Workflow => ({
  name: `permissions: ${name}`,
  tool: "manage_permissions",
  args: { cleanroom: "CR-1001", ...more },
});
const sharing = (action: string, more: object = {}): Call => ({
  tool: "share_results",
  args: { question: "Campaign Overlap", cleanroom: "CR-1001", action, ...more },
});
const shared = (action: string, before: readonly Call[], more: object = {}): Workflow => ({
  name: `sharing: ${action}`,
  before,
  ...sharing(action, more),
});
const flow = (more: object): Call => ({ tool: "run_flow_workflow", args: { cleanroom: "CR-1001", ...more } });

const create = {
  title: "Segment Counts",
  category: "Measurement",
  sql: "SELECT c.segment, COUNT(*) n FROM @Crm c GROUP BY 1",
  macros: { Crm: { type: "CRM", fields: { segment: "STRING" } } },
};

/** Every workflow that writes, each write of it at least once. */
export const workflows: readonly Workflow[] = [
  {
    name: "setup",
    tool: "setup_cleanroom_workspace",
    args: {
      name: "Killed Room",
      users: ["ben.frost@acme.example"],
      partners: ["pia.lane@initech.example"],
      connections: ["Acme CRM"],
      questions: ["Campaign Overlap"],
    },
  },
  lifecycle("update", { description: "For spring", end: "2027-01-31" }),
  lifecycle("close"),
  lifecycle("invite", { partner: "new@initech.example" }),
  lifecycle("reinvite", { partner: "ines.gold@initech.example" }),
  lifecycle("cancel_invitation", { partner: "ines.gold@initech.example" }),
  lifecycle("remove_partner", { partner: "Globex TV" }),
  lifecycle("delete"),
  {
    name: "connection",
    tool: "establish_data_connection",
    args: {
      name: "Winter Logs",
      source: "Client AWS S3",
      data_type: "Ad Logs",
      settings: { DataLocation: "s3://acme/winter/" },
      cleanroom: "CR-1002",
      accept_mapping: true,
      wait_seconds: 600,
    },
  },
  integration("update", { connection: "Legacy Exports", settings: { DataLocation: "s3://acme/legacy2/" } }),
  integration("remap", { connection: "Acme CRM", mapping: { segment: { pii: true } } }),
  integration("retry", { connection: "Legacy Exports" }),
  integration("rotate_credential", { credential: "Acme AWS" }),
  {
    name: "deployment",
    tool: "deploy_analytics_question",
    args: {
      cleanroom: "CR-1001",
      question: "Frequency Report",
      datasets: { AdLogs: "Acme Ad Logs", Crm: "Acme CRM" },
      permissions: { CLONE: "partners" },
      compute: "LARGE",
    },
  },
  {
    name: "deployment of a new question",
    tool: "deploy_analytics_question",
    args: { cleanroom: "CR-1001", create },
    untold: "UNKNOWN_OUTCOME",
  },
  { name: "run", tool: "execute_question_workflow", args: { ...reach, wait_seconds: 600 } },
  scheduled("create", [], { frequency: "DAILY", name: "Nightly" }),
  scheduled("update", [schedules("create", { name: "Nightly" })], {
    schedule: "Nightly",
    frequency: "DAILY",
  }),
  scheduled("delete", [schedules("create", { name: "Nightly" })], { schedule: "Nightly" }),
  scheduled("pause", [schedules("create", { name: "Nightly" })], { schedule: "Nightly" }),
  scheduled("restore", [
    schedules("create", { name: "Nightly" }),
    schedules("pause", { schedule: "Nightly" }),
  ]),
  { name: "flow: run", ...flow({ parameters: nodes, wait_seconds: 600 }) },
  {
    name: "flow: replay",
    before: [flow({ parameters: nodes, wait_seconds: 600 })],
    ...flow({ action: "replay", run: "$flow" }),
  },
  {
    name: "flow: continue",
    arrange: (emulator) => void emulator.world.scripts.set("Holiday Pipeline", { path: ["PAUSED"] }),
    before: [flow({ parameters: nodes })],
    later: 3_600_000,
    ...flow({ action: "continue", run: "$flow" }),
  },
  {
    name: "onboarding",
    tool: "onboard_partner",
    args: { cleanroom: "CR-1002", email: "pia.lane@initech.example" },
  },
  permissions("of a question", {
    action: "question",
    question: "Campaign Overlap",
    permissions: { VIEW_CODE: "partners" },
  }),
  permissions("of a dataset", {
    action: "dataset",
    dataset: "Acme CRM",
    partner_can_assign: true,
    filters: [{ field: "segment", operator: "IN", values: ["gold"] }],
  }),
  permissions("of a new user", { action: "user", user: "ben.frost@acme.example", role: "Viewer" }),
  permissions("of a partner's user", {
    action: "user",
    user: "niles.park@northwind.example",
    role: "Viewer",
  }),
  permissions("user removed", { action: "user", user: "niles.park@northwind.example", remove: true }),
  shared("share", [], { partners: ["Northwind Media"] }),
  shared("unshare", [sharing("share", { partners: ["Northwind Media", "Globex TV"] })], {
    partners: ["Globex TV"],
  }),
  shared("export", []),
  shared("pause_export", [sharing("export")]),
  shared("resume_export", [sharing("export"), sharing("pause_export")]),
  shared("delete_export", [sharing("export")]),
];
