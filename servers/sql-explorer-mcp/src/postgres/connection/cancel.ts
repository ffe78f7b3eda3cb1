import type { Driver, WireClient } from "./driver.ts";

/**
 * Asks the server to stop what this connection runs, by the protocol's CancelRequest. The connection must still be
 * held by its caller and must never be used again: a late request can then hit nobody else.
 * Resolves when the server took the request or after `waitMs`; never rejects.
 */
export function requestCancel(driver: Driver, client: WireClient, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const connection = driver.createConnection(client.ssl);
    const finish = () => {
      clearTimeout(timer);
      connection.stream.destroy();
      resolve();
    };
    const timer = setTimeout(finish, waitMs);
    const send = () => connection.cancel(client.processID, client.secretKey);
    connection.on("error", finish);
    connection.once("end", finish);
    if (client.ssl) {
      connection.once("connect", () => connection.requestSsl());
      connection.once("sslconnect", send);
    } else {
      connection.once("connect", send);
    }
    if (client.host.startsWith("/")) connection.connect(`${client.host}/.s.PGSQL.${client.port}`);
    else connection.connect(client.port, client.host);
  });
}
