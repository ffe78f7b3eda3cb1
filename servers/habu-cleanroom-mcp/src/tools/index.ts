import type { WorkflowTool } from "../workflow/workflow-tool.ts";
import { analyzeUsagePatterns } from "./analyze-usage-patterns.ts";
import { deployAnalyticsQuestion } from "./deploy-analytics-question.ts";
import { establishDataConnection } from "./establish-data-connection.ts";
import { executeQuestionWorkflow } from "./execute-question-workflow.ts";
import { healthCheck } from "./health-check.ts";
import { manageCleanroomLifecycle } from "./manage-cleanroom-lifecycle.ts";
import { manageDataIntegration } from "./manage-data-integration.ts";
import { managePermissions } from "./manage-permissions.ts";
import { manageQuestionSchedules } from "./manage-question-schedules.ts";
import { monitorCleanroomStatus } from "./monitor-cleanroom-status.ts";
import { monitorOrganizationHealth } from "./monitor-organization-health.ts";
import { onboardPartner } from "./onboard-partner.ts";
import { retrieveAndAnalyzeResults } from "./retrieve-and-analyze-results.ts";
import { runFlowWorkflow } from "./run-flow-workflow.ts";
import { setupCleanroomWorkspace } from "./setup-cleanroom-workspace.ts";
import { shareResults } from "./share-results.ts";
import { testConnection } from "./test-connection.ts";
import { troubleshootIssues } from "./troubleshoot-issues.ts";

/** In the order they are listed. */
export const tools: readonly WorkflowTool[] = [
  setupCleanroomWorkspace,
  manageCleanroomLifecycle,
  monitorCleanroomStatus,
  establishDataConnection,
  manageDataIntegration,
  deployAnalyticsQuestion,
  executeQuestionWorkflow,
  manageQuestionSchedules,
  retrieveAndAnalyzeResults,
  runFlowWorkflow,
  onboardPartner,
  managePermissions,
  shareResults,
  monitorOrganizationHealth,
  analyzeUsagePatterns,
  troubleshootIssues,
  healthCheck,
  testConnection,
];
