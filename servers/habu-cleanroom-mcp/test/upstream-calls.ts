/** One call of each tool, as its cost is measured: what is asked of the platform first, and again at once. */
export interface Measured {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Why the second call asks again. */
  readonly again?: string;
}

const question = { question: "CRQ-3001", cleanroom: "CR-1001" };

export const measured: readonly Measured[] = [
  {
    tool: "setup_cleanroom_workspace",
    args: { name: "New", connections: ["Acme CRM"], questions: ["Campaign Overlap"], dry_run: true },
  },
  {
    tool: "manage_cleanroom_lifecycle",
    args: { cleanroom: "CR-1001", action: "update", description: "x", dry_run: true },
  },
  { tool: "monitor_cleanroom_status", args: { cleanroom: "CR-1001" } },
  {
    tool: "establish_data_connection",
    args: {
      name: "New",
      source: "Client AWS S3",
      data_type: "Ad Logs",
      settings: { DataLocation: "s3://acme/new/" },
      dry_run: true,
    },
  },
  { tool: "manage_data_integration", args: { action: "health" } },
  {
    tool: "deploy_analytics_question",
    args: {
      cleanroom: "CR-1001",
      question: "Campaign Overlap",
      datasets: { AdLogs: "Acme Ad Logs" },
      dry_run: true,
    },
  },
  { tool: "execute_question_workflow", args: { ...question, fresh: true, dry_run: true } },
  { tool: "manage_question_schedules", args: { ...question, action: "list" } },
  { tool: "retrieve_and_analyze_results", args: question },
  { tool: "run_flow_workflow", args: { cleanroom: "CR-1001", action: "list" } },
  { tool: "onboard_partner", args: { cleanroom: "CR-1001" } },
  { tool: "manage_permissions", args: { cleanroom: "CR-1001", action: "report" } },
  { tool: "share_results", args: { ...question, action: "show" } },
  { tool: "monitor_organization_health", args: {} },
  { tool: "analyze_usage_patterns", args: {} },
  {
    tool: "troubleshoot_issues",
    args: question,
    again: "whether the platform answers now is a finding",
  },
  { tool: "health_check", args: {}, again: "whether it answers now is the question" },
  { tool: "test_connection", args: {}, again: "whether the token works now is the question" },
];
