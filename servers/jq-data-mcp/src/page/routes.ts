import type { AppEnv, HttpApp, Upgrade } from "@mcp-data/core/http";
import type { Hono } from "hono";
import type { Services } from "../services.ts";
export function pageRoutes(_s: Services) { return (_app: Hono<AppEnv>, _r: HttpApp["requirePrincipal"]) => {}; }
export function feedSocket() { return (_u: Upgrade) => {}; }
