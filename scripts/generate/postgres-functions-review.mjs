// The hand's part of the function list: what the catalog alone cannot tell. Names as pg_proc stores them.

/** Families that read the server, its catalogs or its settings, or are no user's business. */
export const refusedPatterns = [
  /^pg_/, // administration, files, statistics, WAL, replication, advisory locks
  /^binary_upgrade_/,
  /^(has|row_security)_/, // privilege oracles
  /^(current|session)_/, // settings and identity
  /^inet_(client|server)_/, // addresses of the server
  /^to_reg/, // existence oracles
  /^txid_/,
  /^lo_/,
  /^(table|query|cursor|schema|database)_to_xml/, // run SQL text or dump whole schemas
  /^RI_FKey_/,
  /^brin|^gin_|^gist|^hash(handler|_)|^spg|^bt(?!rim$)/, // index support
  /send$|recv$|typmodin$|typmodout$/,
  /_(canonical|subdiff|support|sortsupport|accum|final)$/,
  /^numeric_/,
];

/** Single names, each with its reason. */
export const refused = {
  _pg_datetime_precision: "information_schema support",
  cash_words: "undocumented",
  col_description: "reads catalogs",
  currval: "sequence state",
  database_to_xml: "dumps the database",
  dexp: "implementation of exp",
  dlog1: "implementation of ln",
  dlog10: "implementation of log",
  dround: "implementation of round",
  dtrunc: "implementation of trunc",
  format_type: "reads catalogs",
  get_current_ts_config: "setting",
  getdatabaseencoding: "setting",
  getpgusername: "identity",
  int4inc: "aggregate support",
  int8_sum: "aggregate support",
  lastval: "sequence state",
  like: "implementation of LIKE",
  nameconcatoid: "information_schema support",
  notlike: "implementation of NOT LIKE",
  obj_description: "reads catalogs",
  postgresql_fdw_validator: "foreign-data support",
  satisfies_hash_partition: "reads catalogs",
  shobj_description: "reads catalogs",
  similar_escape: "old form of similar_to_escape",
  textlen: "implementation of length",
  ts_debug: "reads catalogs",
  ts_lexize: "runs a named dictionary",
  ts_parse: "runs a named parser",
  ts_rewrite: "runs SQL text",
  ts_token_type: "reads catalogs",
  version: "describes the server",
  xml: "parses a document; the type xml is not offered",
  xmlexists: "only the grammar's XMLEXISTS calls it",
  xmlvalidate: "not implemented",
};

/** Kept although a rule would drop them: operator or index support functions the manual documents, and harmless volatile ones. */
export const kept = [
  "array_append",
  "array_cat",
  "array_prepend",
  "bound_box",
  "clock_timestamp",
  "gen_random_uuid",
  "hashtext",
  "inet_merge",
  "inet_same_family",
  "json_extract_path",
  "json_extract_path_text",
  "jsonb_extract_path",
  "jsonb_extract_path_text",
  "multirange_contains_elem",
  "random",
  "range_adjacent",
  "range_contains_elem",
  "starts_with",
  "timeofday",
];

/** Names that came with a minor release: the list is the same from an earlier one. */
export const ofLaterMinors = ["binary_upgrade_set_next_attribute_versions"];

/** Of servers newer than the one the list is read from. */
export const newer = [
  "any_value",
  "array_reverse",
  "array_sample",
  "array_shuffle",
  "array_sort",
  "casefold",
  "crc32",
  "crc32c",
  "date_add",
  "date_subtract",
  "erf",
  "erfc",
  "gamma",
  "json",
  "json_array",
  "json_arrayagg",
  "json_exists",
  "json_objectagg",
  "json_query",
  "json_scalar",
  "json_serialize",
  "json_value",
  "lgamma",
  "random_normal",
  "to_bin",
  "to_oct",
  "unicode_assigned",
  "uuid_extract_timestamp",
  "uuid_extract_version",
  "uuidv4",
  "uuidv7",
];

/** Types a cast may name. Everything else of pg_catalog is refused: reg* (existence oracles), identifiers of transactions, internals. */
export const types = [
  ..."bool int2 int4 int8 float4 float8 numeric money oid".split(" "),
  ..."text varchar bpchar char name bytea bit varbit uuid".split(" "),
  ..."date time timetz timestamp timestamptz interval".split(" "),
  ..."json jsonb jsonpath tsvector tsquery".split(" "),
  ..."inet cidr macaddr macaddr8 tid record".split(" "),
  ..."point line lseg box path polygon circle".split(" "),
  ..."int4range int8range numrange daterange tsrange tstzrange".split(" "),
  ..."int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange".split(" "),
];
