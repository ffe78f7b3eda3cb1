import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** The counters of one server process, in a registry of their own. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  /** Call when a tool call starts; call the result when it ends, with `ok` or the error code. */
  callStarted(): (tool: string | undefined, verdict: string) => void;
  readonly sessions: { set(count: number): void };
  readonly streams: { inc(): void; dec(): void };
  /** For counters of the server itself. */
  readonly registry: Registry;
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetrics(server: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ server });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const calls = new Counter({
    name: "mcp_tool_calls_total",
    help: "Tool calls by tool and verdict: ok or the error code.",
    labelNames: ["tool", "verdict"],
    registers,
  });
  const durations = new Histogram({
    name: "mcp_tool_call_duration_seconds",
    help: "How long tool calls took.",
    labelNames: ["tool"],
    buckets: seconds,
    registers,
  });
  const inFlight = new Gauge({
    name: "mcp_tool_calls_in_flight",
    help: "Tool calls running now.",
    registers,
  });
  const sessions = new Gauge({
    name: "mcp_sessions",
    help: "Open transport sessions of 2025-era clients.",
    registers,
  });
  const streams = new Gauge({ name: "mcp_event_streams", help: "Open event streams.", registers });

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    callStarted() {
      const startedAt = performance.now();
      inFlight.inc();
      return (tool, verdict) => {
        inFlight.dec();
        // A name nobody defined must not become a label.
        if (tool === undefined) return;
        calls.inc({ tool, verdict });
        durations.observe({ tool }, (performance.now() - startedAt) / 1_000);
      };
    },
    sessions,
    streams,
    registry,
  };
}
