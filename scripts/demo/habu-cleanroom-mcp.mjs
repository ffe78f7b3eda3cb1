import { openServer } from "../run/open-server.mjs";
import { ask, show } from "./calls.mjs";

/** A client sets up a room, connects data, runs a question and finds what is broken, against the emulator. */
export async function demo(screen) {
  const server = await openServer("habu-cleanroom-mcp", [
    "--demo",
    "--groups",
    "all",
    "--log-level",
    "error",
  ]);
  try {
    screen.title("habu-cleanroom-mcp: whole clean-room workflows, one call each");
    screen.text(
      `A client started the server against its emulator, where a minute passes in a second; it offers ${server.tools.length} tools.`,
    );
    const room = await setUp(server, screen);
    await connect(server, screen, room);
    await runQuestion(server, screen, room);
    await overview(server, screen);
    screen.title("Everything happened on the emulator; no platform was asked");
    screen.text("Start the same server yourself: node servers/habu-cleanroom-mcp/dist/cli.js --demo");
  } finally {
    await server.close();
  }
}

async function setUp(server, screen) {
  const args = { name: "Winter Launch", partners: ["pia.lane@initech.example"], connections: ["Acme CRM"] };
  const plan = await show(server, screen, "setup_cleanroom_workspace", args);
  screen.table(
    ["step", "what", "effect"],
    plan.report.plan.map(({ step, what, effect }) => [step, what, effect]),
  );
  screen.note("Nothing was changed; the plan is confirmed with its handle.");
  const made = await ask(server, "setup_cleanroom_workspace", { ...args, confirm: plan.confirm.handle });
  screen.note(made.report.summary);
  return made.report.cleanroom.display_id;
}

async function connect(server, screen, room) {
  const proposed = await show(server, screen, "establish_data_connection", {
    name: "Winter Logs",
    source: "Client AWS S3",
    data_type: "Ad Logs",
    settings: { DataLocation: "s3://acme/winter/" },
    cleanroom: room,
    wait_seconds: 600,
  });
  screen.table(
    ["field", "identifier (proposed)"],
    Object.entries(proposed.report.proposed_mapping).map(([field, { identifier }]) => [field, identifier]),
  );
  const done = await ask(server, "establish_data_connection", {
    name: "Winter Logs",
    resume: proposed.resume,
    accept_mapping: true,
    wait_seconds: 600,
  });
  screen.note(done.report.summary);
}

async function runQuestion(server, screen, room) {
  const deployed = await show(server, screen, "deploy_analytics_question", {
    cleanroom: room,
    question: "Frequency Report",
  });
  screen.note(deployed.report.summary);
  const args = { question: "Frequency Report", cleanroom: room, wait_seconds: 600 };
  let run = await show(server, screen, "execute_question_workflow", args);
  for (let n = 0; n < 4 && run.status === "running"; n += 1) {
    run = await ask(server, "execute_question_workflow", { ...args, resume: run.resume });
  }
  screen.note(run.report.summary);
  const results = await show(server, screen, "retrieve_and_analyze_results", {
    run: run.report.run.id,
    limit: 4,
  });
  screen.table(
    results.report.columns.map(({ name }) => name),
    results.report.rows.map((row) => results.report.columns.map(({ name }) => row[name])),
  );
}

async function overview(server, screen) {
  const health = await show(server, screen, "monitor_organization_health", {});
  screen.note(health.report.summary);
  const found = await show(server, screen, "troubleshoot_issues", { cleanroom: "Broken Setup" });
  for (const { rule, subject, fix } of found.report.findings.slice(0, 4))
    screen.note(`${rule} (${subject}): ${fix}`);
  const { report } = await ask(server, "health_check", {});
  screen.note(
    `Budgets: ${report.budgets.tokens.issued_last_24h} of 2 tokens, ${report.budgets.question_runs.used} of 20 runs used.`,
  );
}
