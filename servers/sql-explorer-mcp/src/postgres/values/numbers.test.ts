import fc from "fast-check";
import { expect, test } from "vitest";
import { exactJson, exactNumber, floatNumber } from "./numbers.ts";

test.each([
  ["0", 0],
  ["9007199254740991", 9007199254740991],
  ["9007199254740992", "9007199254740992"],
  ["-9223372036854775808", "-9223372036854775808"],
  ["12.50", 12.5],
  ["0.1", 0.1],
  ["123456789012.345", 123456789012.345],
  ["1234567890123.4567", "1234567890123.4567"],
  ["0.000000000000000000001", 1e-21],
  ["NaN", "NaN"],
  ["Infinity", "Infinity"],
  ["-Infinity", "-Infinity"],
] as const)("decimal %s is shown as %s", (text, shown) => {
  expect(exactNumber(text)).toBe(shown);
});

test("whatever becomes a number is exactly the decimal the server sent", () => {
  const decimals = fc.tuple(fc.bigInt(-(10n ** 25n), 10n ** 25n), fc.integer({ min: 0, max: 20 }));
  fc.assert(
    fc.property(decimals, ([digits, scale]) => {
      const text = decimal(digits, scale);
      const shown = exactNumber(text);
      expect(typeof shown === "string" ? shown : plain(String(shown))).toBe(
        typeof shown === "string" ? text : plain(text),
      );
    }),
  );
});

test("floats keep the names of what JSON has no number for", () => {
  expect([floatNumber("NaN"), floatNumber("-Infinity"), floatNumber("1e+300")]).toEqual([
    "NaN",
    "-Infinity",
    1e300,
  ]);
});

test("JSON keeps numbers a double would change, as strings, and nothing else changes", () => {
  const text =
    '{"id": 12345678901234567890, "n": 1.5, "e": 1e3, "s": "12345678901234567890 \\" 99999999999999999999"}';
  expect(exactJson(text)).toEqual({
    id: "12345678901234567890",
    n: 1.5,
    e: 1000,
    s: '12345678901234567890 " 99999999999999999999',
  });
  expect(exactJson("[1.23456789012345678e10, -1e400]")).toEqual(["1.23456789012345678e10", "-1e400"]);
});

test("JSON without long numbers is what JSON.parse makes of it", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!/\d{16}|[eE][+-]?\d/.test(text));
      expect(exactJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

function decimal(digits: bigint, scale: number): string {
  const sign = digits < 0n ? "-" : "";
  const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  return scale === 0 ? sign + padded : `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** Without exponent, sign of zero, or zeros at the end. */
function plain(text: string): string {
  const [mantissa = "", exponent = "0"] = text.split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const shifted = decimal(BigInt(whole + fraction), Math.max(0, fraction.length - Number(exponent)));
  const short = shifted.includes(".") ? shifted.replace(/\.?0+$/, "") : shifted;
  return mantissa.startsWith("-") && short !== "0" ? `-${short}` : short;
}
