/** Browser module: calls back for every event of the server's feed, and again after each reconnection. */
export const liveFeedJs = `
export function liveFeed(path, onEvent, onState) {
  let delay = 500;
  let socket;
  const open = () => {
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(url);
    socket.onopen = () => { delay = 500; onState("live"); onEvent(undefined); };
    socket.onmessage = (message) => onEvent(JSON.parse(message.data));
    socket.onclose = () => { onState("reconnecting"); setTimeout(open, delay); delay = Math.min(delay * 2, 15000); };
  };
  open();
}
`;
