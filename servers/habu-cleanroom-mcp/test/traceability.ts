/** A bullet of the founding plan: the tool, its test file, the words its test's title begins with, or the platform's limit. */
export interface PlanRow {
  readonly bullet: string;
  readonly file: string;
  readonly title: string;
  /** What the platform cannot do, and what stands in for it. */
  readonly limit?: string;
}

const row = (bullet: string, file: string, title: string, limit?: string): PlanRow => ({
  bullet,
  file,
  title,
  ...(limit === undefined ? {} : { limit }),
});
const tool = (name: string) => `src/tools/${name.replaceAll("_", "-")}.test.ts`;

export const plan: Readonly<Record<string, readonly PlanRow[]>> = {
  setup_cleanroom_workspace: [
    row(
      "Create clean room with optimized defaults",
      tool("setup_cleanroom_workspace"),
      "creates a room with defaults",
    ),
    row(
      "Configure regional and cloud settings",
      tool("setup_cleanroom_workspace"),
      "sends region, cloud, privacy",
      "they cannot be read back; what was sent is in the summary",
    ),
    row(
      "Set up initial partner invitations",
      tool("setup_cleanroom_workspace"),
      "invites partners only after",
    ),
    row(
      "Validate clean room configuration",
      tool("setup_cleanroom_workspace"),
      "validates everything before",
    ),
    row(
      "Return setup summary with next steps",
      tool("setup_cleanroom_workspace"),
      "creates a room with defaults",
    ),
  ],
  manage_cleanroom_lifecycle: [
    row(
      "Update clean room settings and parameters",
      tool("manage_cleanroom_lifecycle"),
      "updates settings, reads them back",
      "region, cloud and privacy are neither read nor changed",
    ),
    row(
      "Manage partner relationships (add/remove/update)",
      tool("manage_cleanroom_lifecycle"),
      "adds, re-invites, cancels",
      "no resend: the old invitation is cancelled and a new one made",
    ),
    row(
      "Handle clean room status transitions",
      tool("manage_cleanroom_lifecycle"),
      "status transitions are no call",
      "no status call: moving the end closes or reopens",
    ),
    row(
      "Archive or delete clean rooms with safety checks",
      tool("manage_cleanroom_lifecycle"),
      "deletes only with a handle",
      "no archive: close stands in",
    ),
  ],
  monitor_cleanroom_status: [
    row("Get comprehensive clean room health metrics", tool("monitor_cleanroom_status"), "reports health"),
    row(
      "Monitor partner activity and engagement",
      tool("monitor_cleanroom_status"),
      "shows partner activity",
      "no sign-ins or views: invitations, users and datasets stand in",
    ),
    row("Track question execution statistics", tool("monitor_cleanroom_status"), "counts runs, success"),
    row("Generate status reports with insights", tool("monitor_cleanroom_status"), "gives insights"),
  ],
  establish_data_connection: [
    row("Guide through data source selection", tool("establish_data_connection"), "guides through source"),
    row(
      "Create connection with proper credentials",
      tool("establish_data_connection"),
      "creates with a credential",
      "credentials are made in the console: no secret passes through a tool",
    ),
    row(
      "Configure field mappings and transformations",
      tool("establish_data_connection"),
      "proposes field maps",
      "a field map has no transformations; SQL of the question does that",
    ),
    row("Validate data connection and mappings", tool("establish_data_connection"), "validates: a location"),
    row(
      "Set up monitoring and alerting",
      tool("establish_data_connection"),
      "monitoring and alerting",
      "the platform has none: the watch command posts signed alerts",
    ),
  ],
  manage_data_integration: [
    row("Update connection configurations", tool("manage_data_integration"), "updates configurations"),
    row("Refresh field mappings", tool("manage_data_integration"), "refreshes field mappings"),
    row(
      "Handle credential rotation",
      tool("manage_data_integration"),
      "rotates a credential",
      "only from the operator's variables, and only when allowed",
    ),
    row("Troubleshoot connection issues", tool("manage_data_integration"), "troubleshoots one connection"),
    row("Monitor data flow health", tool("manage_data_integration"), "shows data flow health"),
  ],
  deploy_analytics_question: [
    row("Add questions to clean rooms", tool("deploy_analytics_question"), "adds a question to a room"),
    row(
      "Configure dataset assignments intelligently",
      tool("deploy_analytics_question"),
      "asks where several",
    ),
    row(
      "Set up permissions and access controls",
      tool("deploy_analytics_question"),
      "sets permissions and compute",
      "owner or all partners; none for a single partner",
    ),
    row("Validate question configuration", tool("deploy_analytics_question"), "validates configuration"),
    row("Provide deployment summary", tool("deploy_analytics_question"), "a deployment that is repeated"),
  ],
  execute_question_workflow: [
    row("Run questions with runtime parameters", tool("execute_question_workflow"), "asks for missing run"),
    row(
      "Monitor execution progress with real-time updates",
      tool("execute_question_workflow"),
      "runs with parameters and progress",
      "a run is read every 5 minutes at most; between reads the estimate comes from its history",
    ),
    row(
      "Handle execution failures with retry logic",
      tool("execute_question_workflow"),
      "explains a failed run",
      "a retry costs one of 20 slots an hour, so the user is asked",
    ),
    row(
      "Provide execution summaries and insights",
      tool("execute_question_workflow"),
      "runs with parameters and progress",
    ),
  ],
  manage_question_schedules: [
    row(
      "Create recurring schedules with intelligent defaults",
      tool("manage_question_schedules"),
      "creates a schedule with defaults",
    ),
    row(
      "Update schedule parameters and timing",
      tool("manage_question_schedules"),
      "updates parameters and timing",
    ),
    row(
      "Monitor schedule execution history",
      tool("manage_question_schedules"),
      "shows the execution history",
      "runs do not name their schedule: they are matched by name",
    ),
    row(
      "Handle schedule conflicts and optimization",
      tool("manage_question_schedules"),
      "finds conflicts and free hours",
      "no pause: deleted with a copy kept for restore",
    ),
  ],
  retrieve_and_analyze_results: [
    row(
      "Access question results with proper formatting",
      tool("retrieve_and_analyze_results"),
      "reads the latest complete run",
    ),
    row("Generate analysis summaries", tool("retrieve_and_analyze_results"), "summarises columns"),
    row(
      "Export results in multiple formats",
      tool("retrieve_and_analyze_results"),
      "writes every row as CSV",
    ),
    row(
      "Track result access and sharing",
      tool("retrieve_and_analyze_results"),
      "tracks what was read here",
      "the platform has no access log: reads through this server are counted",
    ),
  ],
  onboard_partner: [
    row("Send invitations with contextual guidance", tool("onboard_partner"), "sends an invitation"),
    row(
      "Track invitation status and follow-up",
      tool("onboard_partner"),
      "tracks the invitation",
      "no resend and no expiry",
    ),
    row("Guide through setup process", tool("onboard_partner"), "guides through setup"),
    row("Validate partner configuration", tool("onboard_partner"), "validates the partner"),
    row("Provide onboarding completion summary", tool("onboard_partner"), "an accepted invitation ends"),
  ],
  manage_permissions: [
    row(
      "Configure granular question permissions",
      tool("manage_permissions"),
      "changes permissions of a question",
      "owner or all partners; none for a single partner",
    ),
    row("Set up dataset access controls", tool("manage_permissions"), "controls access to a dataset"),
    row(
      "Manage user roles and capabilities",
      tool("manage_permissions"),
      "manages users and roles",
      "a partner administrator's role is changed by the partner",
    ),
    row(
      "Audit permission changes",
      tool("manage_permissions"),
      "audits changes made here",
      "no audit log: changes through this server are kept",
    ),
    row("Generate permission reports", tool("manage_permissions"), "reports who may do what"),
  ],
  share_results: [
    row("Configure result sharing settings", tool("share_results"), "shares with partners after"),
    row("Distribute results to authorized partners", tool("share_results"), "distributes results"),
    row(
      "Track sharing activity and access",
      tool("share_results"),
      "keeps an audit trail",
      "the platform does not say who opened a result",
    ),
    row("Manage sharing permissions", tool("share_results"), "takes sharing back"),
    row("Generate sharing audit trails", tool("share_results"), "keeps an audit trail"),
  ],
  monitor_organization_health: [
    row("Monitor clean room health across organization", tool("monitor_organization_health"), "scores rooms"),
    row("Track question execution patterns", tool("monitor_organization_health"), "shows execution patterns"),
    row("Identify performance bottlenecks", tool("monitor_organization_health"), "shows execution patterns"),
    row("Generate health scorecards", tool("monitor_organization_health"), "scores rooms"),
    row("Provide optimization recommendations", tool("monitor_organization_health"), "recommends what to do"),
  ],
  analyze_usage_patterns: [
    row("Generate utilization reports", tool("analyze_usage_patterns"), "reports utilisation"),
    row("Identify trending questions and datasets", tool("analyze_usage_patterns"), "shows trends"),
    row(
      "Track partner engagement metrics",
      tool("analyze_usage_patterns"),
      "shows how much partners",
      "from whose datasets runs used",
    ),
    row(
      "Provide cost optimization insights",
      tool("analyze_usage_patterns"),
      "estimates cost",
      "no cost call: run minutes, labelled an estimate",
    ),
    row("Create executive summaries", tool("analyze_usage_patterns"), "gives a summary"),
  ],
  troubleshoot_issues: [
    row("Diagnose common configuration issues", tool("troubleshoot_issues"), "diagnoses configuration"),
    row("Provide guided resolution steps", tool("troubleshoot_issues"), "each finding has evidence"),
    row("Escalate complex issues with context", tool("troubleshoot_issues"), "escalates with a redacted"),
    row("Track resolution patterns", tool("troubleshoot_issues"), "keeps notes on what resolved"),
    row(
      "Generate troubleshooting knowledge base",
      tool("troubleshoot_issues"),
      "keeps notes on what resolved",
      "local and opt-in",
    ),
  ],
  health_check: [row("Add health check tool", tool("health_check"), "says that the platform answers")],
  test_connection: [row("Create connection test tool", tool("test_connection"), "signs in once")],
  run_flow_workflow: [
    row(
      "Flows (domain 8 of the plan, without a tool there)",
      tool("run_flow_workflow"),
      "runs a flow to the output",
      "flows are drawn in the console",
    ),
  ],
  "phases 1, 7 and 8": [
    row("Implement OAuth2 client credentials flow", "src/client/token-cache.test.ts", "50 restarts in a day"),
    row("Create base HTTP client with retry logic", "src/client/habu-client.test.ts", "reads are retried"),
    row("Implement rate limiting and error handling", "src/client/run-ledger.test.ts", "twenty runs fit"),
    row(
      "Define models, enum classes, validation",
      "src/contract/contract.test.ts",
      "every type a declared operation",
    ),
    row("Circuit breaker patterns for API calls", "src/client/habu-client.test.ts", "the circuit opens"),
    row(
      "Graceful degradation strategies",
      tool("monitor_cleanroom_status"),
      "a room in which the API user is no administrator",
    ),
    row("Error reporting and alerting", "test/cli.test.ts", "watch posts signed alerts"),
    row("Request caching where appropriate", "src/client/habu-client.test.ts", "a second identical read"),
    row(
      "Batch operations optimization; connection pooling",
      "src/client/habu-client.test.ts",
      "at most four requests",
    ),
    row("Memory usage optimization", "test/large-export.test.ts", "a million rows"),
    row("Performance monitoring and metrics", "test/resilience.test.ts", "synchronous calls ask so little"),
    row(
      "Request/response sanitization; audit logging",
      "test/resilience.test.ts",
      "no planted secret reaches",
    ),
    row("Security testing and validation", "test/resilience.test.ts", "hostile names stay data"),
    row(
      "Integration tests with API mocking",
      "emulator/emulator.test.ts",
      "every reply to a read has the declared shape",
    ),
    row("End-to-end workflow testing", "test/story.test.ts", "over stdio the demo lets a client"),
    row(
      "Comprehensive error handling for all workflows",
      "test/killed/killed.test.ts",
      "%s: stopped before or after any of its writes",
    ),
    row("Credential security best practices", "test/secrets.test.ts", "with the audit trail on %s"),
    row("Rate limiting and abuse prevention", "test/confirmation.test.ts", "a forged, altered or borrowed"),
    row("Batch operations; calls per tool", "test/upstream-calls.test.ts", "every tool's first call"),
    row("Performance and load testing; < 5 % error rate", "test/resilience.test.ts", "1,000 mixed calls"),
  ],
};
