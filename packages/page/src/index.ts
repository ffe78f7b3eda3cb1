export { contentSecurityPolicy, pageHeaders } from "./headers.ts";
export { liveFeedJs } from "./live-feed.ts";
export { tokensCss } from "./tokens.ts";
export { virtualTableJs } from "./virtual-table.ts";
