import { defineCommandLine } from "@mcp-data/core";
import { serverFlags } from "@mcp-data/core/start";
import { serverName, serverVersion } from "./catalogue.ts";

export const commandLine = defineCommandLine({
  name: serverName,
  version: serverVersion,
  summary: "whole Habu (LiveRamp) clean-room workflows as single tool calls",
  positionals: { usage: "", help: "", max: 0 },
  flags: {
    demo: { type: "boolean", help: "Serve against the built-in emulator; no key is needed" },
    ...serverFlags,
  },
  examples: [
    ["HABU_CLIENT_ID=… HABU_CLIENT_SECRET=… habu-cleanroom-mcp", "serve over stdio"],
    ["habu-cleanroom-mcp --demo", "try it with made-up data"],
    ["habu-cleanroom-mcp --read-only --groups all", "look, change nothing"],
    ["habu-cleanroom-mcp emulator --port 4010", "the emulator by itself"],
    ["habu-cleanroom-mcp watch", "post alerts to HABU_WEBHOOK_URL"],
    ["habu-cleanroom-mcp health [URL]", "exit 0 when a server answers, for containers"],
    ["habu-cleanroom-mcp api-key", "make an API key and its hash"],
    ["habu-cleanroom-mcp audit verify FILE", "check an audit file for edits, gaps and cuts"],
  ],
});

export const emulatorCommandLine = defineCommandLine({
  name: `${serverName} emulator`,
  version: serverVersion,
  summary: "a local stand-in for the platform: its contract, limits and quirks",
  positionals: { usage: "", help: "", max: 0 },
  flags: {
    port: {
      type: "integer",
      value: "PORT",
      min: 0,
      max: 65_535,
      help: "Listen here; 0 picks a free port (default 4010)",
    },
    speed: {
      type: "integer",
      value: "N",
      min: 0,
      max: 100_000,
      help: "How many times faster than real its time flows (default 1)",
    },
  },
  examples: [
    ["habu-cleanroom-mcp emulator --port 0 --speed 60", "a run of 20 minutes takes 20 seconds"],
    ["curl -X POST localhost:4010/__clock -d '{\"advanceMs\":1200000}'", "20 minutes pass"],
  ],
});

export const watchCommandLine = defineCommandLine({
  name: `${serverName} watch`,
  version: serverVersion,
  summary:
    "posts a signed alert when a connection, run, invitation, the circuit or a budget changes for the worse",
  positionals: { usage: "", help: "", max: 0 },
  flags: {
    config: serverFlags.config,
    once: { type: "boolean", help: "Look once and end; the state folder remembers what was seen" },
    "log-level": serverFlags["log-level"],
  },
});
