import type { Transport, TransportOptions } from "./transport.ts";

/** The HTTP libraries are loaded with the first request: an idle server holds less. */
export function lazyTransport(options: TransportOptions): Transport {
  let loaded: Transport | undefined;
  let loading: Promise<Transport> | undefined;
  const transport = () => {
    loading ??= import("./transport.ts").then(({ createTransport }) => {
      loaded = createTransport(options);
      return loaded;
    });
    return loading;
  };
  return {
    send: async (request, token, signal) => (await transport()).send(request, token, signal),
    postForm: async (path, form, authorization) => (await transport()).postForm(path, form, authorization),
    get circuit() {
      return loaded?.circuit ?? "closed";
    },
    close: () => loaded?.close(),
  };
}
