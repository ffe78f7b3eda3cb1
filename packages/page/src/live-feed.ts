/**
 * Browser module: calls back for every event of the server's feed, and without an event after each connection, when
 * the state has to be read anew. Read with fetch, as neither EventSource nor WebSocket can send a credential.
 */
export const liveFeedJs = `
export async function liveFeed(path, headers, onEvent, onState) {
  for (let delay = 500; ; delay = Math.min(delay * 2, 15000)) {
    try {
      const response = await fetch(path, { headers: { accept: "text/event-stream", ...headers() } });
      if (!response.ok) throw new Error("HTTP " + response.status);
      delay = 500;
      onState("live");
      onEvent(undefined);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let held = ""; ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        const parts = (held + value).split("\\n\\n");
        held = parts.pop();
        for (const part of parts) {
          const data = part.split("\\n").find((line) => line.startsWith("data: "));
          if (data) onEvent(JSON.parse(data.slice(6)));
        }
      }
    } catch {}
    onState("reconnecting");
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}
`;
