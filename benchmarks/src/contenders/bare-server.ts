import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import pg from "pg";

// What a server costs that checks nothing: one tool, one pool, one simple query.
const pool = new pg.Pool({ connectionString: process.argv[2], max: 8 });
const server = new Server({ name: "bare", version: "1" }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: [{ name: "query", inputSchema: { type: "object", properties: { sql: { type: "string" } } } }],
}));
server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
  const { rows } = await pool.query(String(params.arguments?.sql));
  return { content: [{ type: "text", text: JSON.stringify(rows) }] };
});
await server.connect(new StdioServerTransport());
process.stdin.on("end", () => process.exit(0));
