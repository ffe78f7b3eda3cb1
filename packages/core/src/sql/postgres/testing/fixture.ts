import type { SqlPolicy } from "../../policy.ts";

/** What the tests' gate may read of the fixture. */
export const fixturePolicy: SqlPolicy = {
  schemas: ["shop", "hr", "ref", "web"],
  excludeTables: ["shop.payments", "hr.salaries"],
  columns: { "shop.customers": { deny: ["ssn"], mask: ["email"] } },
};

/** The same without column rules: what analytic queries are held against. */
export const openPolicy: SqlPolicy = {
  schemas: ["shop", "hr", "ref", "web"],
  excludeTables: ["shop.payments", "hr.salaries"],
};

/** Where bare names are looked up, in this order. */
export const searchPath: readonly string[] = ["shop", "hr", "ref", "web"];

/** A small shop in four schemas; data is deterministic. */
export const fixtureSql = `
CREATE SCHEMA shop; CREATE SCHEMA hr; CREATE SCHEMA ref; CREATE SCHEMA web;
CREATE TYPE shop.order_status AS ENUM ('new', 'paid', 'shipped', 'cancelled');
CREATE DOMAIN shop.positive AS numeric CHECK (VALUE > 0);
CREATE TYPE shop.address AS (street text, city text, country text);
CREATE TABLE ref.countries (code text PRIMARY KEY, name text NOT NULL, region text, population bigint);
CREATE TABLE ref.calendar (day date PRIMARY KEY, is_holiday boolean NOT NULL DEFAULT false, fiscal_quarter int);
CREATE TABLE shop.categories (id int PRIMARY KEY, parent_id int REFERENCES shop.categories, name text NOT NULL);
CREATE TABLE shop.products (id int PRIMARY KEY, category_id int REFERENCES shop.categories, name text NOT NULL,
  price numeric(10,2) NOT NULL, tags text[] NOT NULL DEFAULT '{}', attributes jsonb NOT NULL DEFAULT '{}', discontinued boolean DEFAULT false);
CREATE TABLE shop.customers (id int PRIMARY KEY, name text NOT NULL, email text, ssn text, country text REFERENCES ref.countries,
  joined date NOT NULL, home shop.address, score double precision);
CREATE TABLE shop.orders (id serial PRIMARY KEY, customer_id int REFERENCES shop.customers, status shop.order_status NOT NULL,
  placed_at timestamptz NOT NULL, shipped_at timestamptz, total numeric(12,2), note text);
CREATE TABLE shop.order_items (order_id int REFERENCES shop.orders, line int, product_id int REFERENCES shop.products,
  quantity int NOT NULL, unit_price numeric(10,2) NOT NULL, PRIMARY KEY (order_id, line));
CREATE TABLE shop.payments (id int PRIMARY KEY, order_id int, card_number text, amount numeric);
CREATE TABLE shop.bookings (id int PRIMARY KEY, customer_id int, during tstzrange NOT NULL, nights int4range);
CREATE TABLE hr.departments (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE hr.employees (id int PRIMARY KEY, manager_id int REFERENCES hr.employees, department_id int REFERENCES hr.departments,
  name text NOT NULL, hired date NOT NULL, skills text[]);
CREATE TABLE hr.salaries (employee_id int PRIMARY KEY, amount numeric);
CREATE TABLE web.visits (id bigint, customer_id int, at timestamptz NOT NULL, path text, ip inet, payload jsonb) PARTITION BY RANGE (at);
CREATE TABLE web.visits_2024 PARTITION OF web.visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE web.visits_2025 PARTITION OF web.visits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE web.readings (sensor int, at timestamp, value double precision, samples int[]);
CREATE TABLE web.articles (id int PRIMARY KEY, title text, body text, words tsvector);
INSERT INTO ref.countries VALUES ('DE','Germany','Europe',83000000),('FR','France','Europe',67000000),('JP','Japan','Asia',125000000),('US','United States','Americas',331000000);
INSERT INTO ref.calendar SELECT d, extract(dow FROM d) = 0, extract(quarter FROM d) FROM generate_series(date '2024-01-01', '2024-12-31', '1 day') d;
INSERT INTO shop.categories VALUES (1,NULL,'All'),(2,1,'Books'),(3,1,'Tools'),(4,2,'Novels'),(5,3,'Saws');
INSERT INTO shop.products SELECT n, 1 + n % 5, 'product ' || n, n * 3.5, ARRAY['t' || n % 3, 'u' || n % 2], jsonb_build_object('weight', n * 10, 'colors', jsonb_build_array('red', 'c' || n), 'maker', jsonb_build_object('name', 'm' || n % 4)), n % 7 = 0 FROM generate_series(1, 40) n;
INSERT INTO shop.customers SELECT n, 'customer ' || n, 'mail' || n || '@hidden.test', '777-' || n || '-sealed', (ARRAY['DE','FR','JP','US'])[1 + n % 4], date '2023-01-01' + n * 5, ROW('street ' || n, 'city ' || n % 6, 'x')::shop.address, n / 3.0 FROM generate_series(1, 60) n;
INSERT INTO shop.orders (customer_id, status, placed_at, shipped_at, total, note) SELECT 1 + n % 60, (enum_range(NULL::shop.order_status))[1 + n % 4], timestamptz '2024-01-01 00:00+00' + n * interval '17 hours', CASE WHEN n % 3 = 0 THEN timestamptz '2024-01-03 00:00+00' + n * interval '17 hours' END, n * 7.25, CASE WHEN n % 5 = 0 THEN 'note ' || n END FROM generate_series(1, 300) n;
INSERT INTO shop.order_items SELECT o, l, 1 + (o * l) % 40, 1 + (o + l) % 4, 3.5 * l FROM generate_series(1, 300) o, generate_series(1, 3) l;
INSERT INTO shop.payments SELECT n, n, '4111-' || n, n FROM generate_series(1, 20) n;
INSERT INTO shop.bookings SELECT n, n, tstzrange(timestamptz '2024-01-01' + n * interval '1 day', timestamptz '2024-01-03' + n * interval '1 day'), int4range(n, n + 3) FROM generate_series(1, 30) n;
INSERT INTO hr.departments VALUES (1,'Sales'),(2,'Research'),(3,'Support');
INSERT INTO hr.employees SELECT n, CASE WHEN n > 1 THEN n / 2 END, 1 + n % 3, 'employee ' || n, date '2020-01-01' + n * 30, ARRAY['s' || n % 4, 's' || n % 5] FROM generate_series(1, 31) n;
INSERT INTO hr.salaries SELECT n, n * 1000 FROM generate_series(1, 31) n;
INSERT INTO web.visits SELECT n, 1 + n % 60, timestamptz '2024-01-01 00:00+00' + n * interval '31 hours', '/p/' || n % 9, ('10.0.0.' || n % 200)::inet, jsonb_build_object('ms', n, 'tags', jsonb_build_array('a', n)) FROM generate_series(1, 400) n;
INSERT INTO web.readings SELECT n % 5, timestamp '2024-03-01' + n * interval '10 minutes', sin(n), ARRAY[n, n * 2, n % 7] FROM generate_series(1, 200) n;
INSERT INTO web.articles SELECT n, 'title ' || n, 'some words about thing ' || n || ' and others', to_tsvector('english', 'some words about thing ' || n) FROM generate_series(1, 20) n;
CREATE VIEW shop.order_totals AS SELECT order_id, sum(quantity * unit_price) AS amount FROM shop.order_items GROUP BY order_id;
CREATE MATERIALIZED VIEW shop.monthly AS SELECT date_trunc('month', placed_at) AS month, count(*) AS orders, sum(total) AS total FROM shop.orders GROUP BY 1;
ANALYZE;
`;

/** What an attacker would find in a careless database: functions with effects in reach, extensions, foreign tables. */
export const hostileSql = `
CREATE SCHEMA secret;
CREATE TABLE secret.log (at timestamptz DEFAULT now(), what text);
CREATE TABLE secret.tokens (token text); INSERT INTO secret.tokens VALUES ('top secret');
CREATE EXTENSION dblink SCHEMA shop; CREATE EXTENSION tablefunc SCHEMA shop; CREATE EXTENSION lo SCHEMA shop;
DO $$ BEGIN CREATE EXTENSION adminpack; EXCEPTION WHEN OTHERS THEN NULL; END $$; -- gone since PostgreSQL 17
CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE shop.outside (line text) SERVER files OPTIONS (filename '/etc/hostname');
CREATE FUNCTION shop.note(text) RETURNS int LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ($1) RETURNING 1 $$;
CREATE FUNCTION shop.touch(shop.orders) RETURNS int LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ('touch') RETURNING 1 $$;
CREATE FUNCTION shop.grab(int) RETURNS int LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ('grab') RETURNING 1 $$;
CREATE FUNCTION shop.peek() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT token FROM secret.tokens $$;
CREATE FUNCTION shop.lower(int) RETURNS text LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ('lower') RETURNING 'x' $$;
CREATE FUNCTION shop.oper(int, int) RETURNS int LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ('oper') RETURNING 1 $$;
CREATE OPERATOR shop.@#@ (LEFTARG = int, RIGHTARG = int, FUNCTION = shop.oper);
CREATE OPERATOR shop.~~> (LEFTARG = int, RIGHTARG = int, FUNCTION = shop.oper);
CREATE FUNCTION shop.steps(int, int) RETURNS int LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ('agg'); SELECT 1 $$;
CREATE AGGREGATE shop.gather(int) (SFUNC = shop.steps, STYPE = int, INITCOND = '0');
CREATE TYPE shop.trap AS (n int);
CREATE FUNCTION shop.spring(shop.trap) RETURNS int LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ('cast') RETURNING 1 $$;
CREATE FUNCTION shop.trapped(int) RETURNS shop.trap LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ('cast') RETURNING ROW(1)::shop.trap $$;
CREATE CAST (int AS shop.trap) WITH FUNCTION shop.trapped(int);
CREATE FUNCTION shop.approve(text) RETURNS boolean LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ('domain') RETURNING true $$;
CREATE DOMAIN shop.watched AS text CHECK (shop.approve(VALUE));
CREATE FUNCTION shop.json_scalar(int) RETURNS int LANGUAGE sql VOLATILE AS $$ INSERT INTO secret.log (what) VALUES ('json') RETURNING 1 $$;
SELECT lo_create(4242);
`;

/** Roles whose grants say what fixturePolicy says: the server's own judgement of every column a statement touches. */
export const rolesSql = `
DO $$ DECLARE r text; BEGIN
  FOREACH r IN ARRAY ARRAY['sees_masked', 'sees_plain'] LOOP
    EXECUTE format('CREATE ROLE %I', r);
    EXECUTE format('GRANT USAGE ON SCHEMA shop, hr, ref, web TO %I', r);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA shop, hr, ref, web TO %I', r);
    EXECUTE format('REVOKE ALL ON shop.payments, hr.salaries, shop.customers, shop.outside FROM %I', r);
    EXECUTE format('GRANT SELECT (id, name, country, joined, home, score) ON shop.customers TO %I', r);
  END LOOP;
END $$;
GRANT SELECT (email) ON shop.customers TO sees_masked;
`;
