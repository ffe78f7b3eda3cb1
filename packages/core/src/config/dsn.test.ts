import { expect, test } from "vitest";
import { hasPassword, refuseArgvPassword } from "./dsn.ts";

test.each([
  "postgres://ann:hunter2@db/shop",
  "postgres://:hunter2@db/shop",
  "postgres://ann:p@ss:w/ord@db/shop",
  "postgres://db/shop?user=ann&password=hunter2",
  "postgres://db/shop?sslpassword=hunter2",
  "host=db user=ann password=hunter2",
  "host=db PASSWORD = 'hunter2'",
  "redis://:hunter2@cache:6379",
])("%s carries a password, and the refusal does not repeat it", (dsn) => {
  expect(hasPassword(dsn)).toBe(true);
  const refuse = () => refuseArgvPassword(["./data", dsn], "SHOP_DSN");
  expect(refuse).toThrow(
    expect.objectContaining({ code: "CONFIG_ERROR", hint: expect.stringMatching(/SHOP_DSN_FILE/) }),
  );
  expect(refuse).toThrow("Argument 2");
  expect(refuse).not.toThrow(/hunter2|p@ss/);
});

test.each([
  "postgres://reader@db/shop",
  "postgres://db:5432/shop?application_name=a:b@c",
  "postgres:///shop?host=/run/pg",
  "host=db user=ann passfile=/etc/pgpass",
  "postgres://db/shop?password=",
  "./folder with password=/x.csv".replace("password=", "passwords"),
  "C:/data/shop.duckdb",
])("%s carries none", (dsn) => {
  expect(hasPassword(dsn)).toBe(false);
  refuseArgvPassword([dsn], "SHOP_DSN");
});
