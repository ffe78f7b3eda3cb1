export type { BindServer, BoundServer, Era, PrincipalOf } from "./bind.ts";
export { measuredCaller } from "./measured-caller.ts";
export type { HttpHandle, HttpServerOptions } from "./serve-http.ts";
export { serveBound, serveHttp } from "./serve-http.ts";
export type { StdioHandle, StdioOptions } from "./serve-stdio.ts";
export { serveStdio } from "./serve-stdio.ts";
export type { SessionLimits } from "./sessions.ts";
export type { SurfaceOptions } from "./surface.ts";
export { inputJsonSchema } from "./wire-tool.ts";
