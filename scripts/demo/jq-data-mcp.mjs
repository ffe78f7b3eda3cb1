import { openServer } from "../run/open-server.mjs";
import { show, showRefused } from "./calls.mjs";

/** A client finds approved tools, runs them and a program of its own, and is contained when a program is hostile. */
export async function demo(screen) {
  const server = await openServer("jq-data-mcp", ["--demo", "--groups", "all"]);
  try {
    screen.title("jq-data-mcp: a team shares jq functions and tools over JSON data");
    screen.text(
      `A client started the server over stdio; approved tools: ${server.tools.filter((name) => name.startsWith("t_")).join(", ")}.`,
    );
    await find(server, screen);
    await run(server, screen);
    await share(server, screen);
    await attack(server, screen);
    screen.title("Every program ran within its limits");
    screen.text("Start the same server yourself: node servers/jq-data-mcp/dist/cli.js --demo");
  } finally {
    await server.close();
  }
}

async function find(server, screen) {
  const { datasets } = await show(server, screen, "list_datasets", {});
  screen.table(
    ["dataset", "format", "bytes"],
    datasets.map((one) => [one.name, one.format, one.bytes]),
  );
  const { results } = await show(server, screen, "search_library", { query: "trend" });
  screen.table(
    ["kind", "name", "description"],
    results.map((one) => [one.kind, one.name, one.description]),
  );
}

async function run(server, screen) {
  const answer = await show(server, screen, "t_analyze_performance", {
    dataset: "products",
    dataset_name: "products",
  });
  screen.table(
    ["dataset", "efficiency %", "profitable"],
    answer.values.map((one) => [one.dataset, one.efficiency, one.profitable]),
  );
  const grouped = await show(server, screen, "query", {
    dataset: "sales",
    program: 'group_and_aggregate("region"; "revenue"; $how)',
    arguments: { how: "sum" },
  });
  screen.table(
    ["region", "revenue"],
    grouped.values[0].map((one) => [one.region, one.value]),
  );
}

async function share(server, screen) {
  const proposal = await show(server, screen, "propose_tool", {
    name: "margin_by_product",
    program: "group_by(.product) | map({product: .[0].product, margin: (map(.revenue - .cost) | add)})",
    datasets: ["sales"],
    cases: [{ input: [{ product: "a", revenue: 3, cost: 1 }], expect: [[{ product: "a", margin: 2 }]] }],
    justification: "Asked for every Monday.",
  });
  screen.note(
    `${proposal.item}: ${proposal.tests.passed} test passed, ${proposal.status} until two others approve`,
  );
  await showRefused(server, screen, "vote", { proposal_id: proposal.id, vote: "approve" });
}

async function attack(server, screen) {
  for (const args of [
    { dataset: "sales", program: "[range(1e9)]" },
    { dataset: "sales", program: "env" },
    { dataset: "../../etc/passwd", program: "." },
  ]) {
    await showRefused(server, screen, "query", args);
  }
}
