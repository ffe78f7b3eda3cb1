/** What to do about a refused function: its PostgreSQL counterpart where it comes from another dialect. */
export function functionHint(name: string): string {
  const bare = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const counterpart = counterparts[bare];
  if (counterpart !== undefined) return `In PostgreSQL write ${counterpart}.`;
  if (/^(pg_|has_|current_|session_|version$|to_reg|obj_|col_)/.test(bare)) {
    return "Functions that describe or steer the server are closed. For tables and columns use the metadata tools.";
  }
  if (/^(nextval|currval|setval|lastval|lo_|dblink|query_to|table_to|crosstab|ts_stat)/.test(bare)) {
    return "Functions with effects, and those that run SQL text, are closed. Write the query itself.";
  }
  return "Use PostgreSQL's built-in aggregate, window, string, date, JSON, array and range functions; others must be opened in the source's configuration.";
}

const counterparts: Readonly<Record<string, string>> = {
  ifnull: "coalesce(a, b)",
  nvl: "coalesce(a, b)",
  isnull: "coalesce(a, b) or a IS NULL",
  iif: "CASE WHEN … THEN … ELSE … END",
  if: "CASE WHEN … THEN … ELSE … END",
  getdate: "now()",
  sysdate: "now()",
  curdate: "current_date",
  curtime: "current_time",
  datediff: "end - start, or extract(epoch from end - start)",
  dateadd: "date + interval '1 day'",
  date_format: "to_char(ts, 'YYYY-MM-DD')",
  strftime: "to_char(ts, 'YYYY-MM-DD') or extract(year from ts)",
  str_to_date: "to_date(text, 'YYYY-MM-DD')",
  julianday: "extract(julian from ts)",
  year: "extract(year from ts)",
  month: "extract(month from ts)",
  day: "extract(day from ts)",
  hour: "extract(hour from ts)",
  minute: "extract(minute from ts)",
  weekday: "extract(isodow from ts)",
  dayofweek: "extract(dow from ts)",
  last_day: "(date_trunc('month', d) + interval '1 month - 1 day')::date",
  from_unixtime: "to_timestamp(seconds)",
  unix_timestamp: "extract(epoch from ts)",
  group_concat: "string_agg(value, ',')",
  listagg: "string_agg(value, ',')",
  instr: "strpos(text, part)",
  locate: "strpos(text, part)",
  charindex: "strpos(text, part)",
  len: "length(text)",
  ucase: "upper(text)",
  lcase: "lower(text)",
  substring_index: "split_part(text, separator, n)",
  rand: "random()",
  newid: "gen_random_uuid()",
  uuid: "gen_random_uuid()",
  truncate: "trunc(x, n)",
  divide: "a / b",
  json_extract: "doc #>> '{path}' or jsonb_path_query(doc, '$.path')",
  array_contains: "value = ANY (array)",
  approx_count_distinct: "count(DISTINCT x)",
  median: "percentile_cont(0.5) WITHIN GROUP (ORDER BY x)",
  arg_max: "(array_agg(x ORDER BY y DESC))[1]",
  arg_min: "(array_agg(x ORDER BY y))[1]",
  pg_typeof: "a cast such as x::text when the type matters",
  pg_sleep: "no wait at all; it has no place in a query",
};
