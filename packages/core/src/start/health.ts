/** 0 when the server at `listen` (HOST:PORT, :PORT or a URL) answers /health within a few seconds. */
export async function healthCommand(listen: string, say: (line: string) => void): Promise<number> {
  const url = healthUrl(listen);
  if (url === undefined) {
    say(`"${listen}" is neither HOST:PORT nor a URL.`);
    return 2;
  }
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(4_000) });
    await response.body?.cancel();
    say(response.ok ? "healthy" : `not healthy: HTTP ${response.status}`);
    return response.ok ? 0 : 1;
  } catch {
    say("not healthy: no answer");
    return 1;
  }
}

/** A server that listens everywhere is asked on loopback. */
function healthUrl(listen: string): string | undefined {
  if (/^https?:\/\//.test(listen)) return URL.canParse(listen) ? new URL("/health", listen).href : undefined;
  const match = /^(\[[^\]]+\]|[^:]*)?:?(\d{1,5})$/.exec(listen);
  if (match === null) return undefined;
  const host = match[1] ?? "";
  const asked = host === "" || host === "0.0.0.0" || host === "[::]" ? "127.0.0.1" : host;
  return `http://${asked}:${match[2]}/health`;
}
