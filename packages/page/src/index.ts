export { contentSecurityPolicy, pageHeaders } from "./headers.ts";
export { tokensCss } from "./tokens.ts";
export { liveFeedJs } from "./live-feed.ts";
export { virtualTableJs } from "./virtual-table.ts";
