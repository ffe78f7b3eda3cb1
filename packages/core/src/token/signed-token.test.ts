import fc from "fast-check";
import { expect, test } from "vitest";
import { createTokenSigner } from "./signed-token.ts";

const key = "0123456789abcdef0123456789abcdef";
const older = "fedcba9876543210fedcba9876543210";
const gone = expect.objectContaining({ code: "CURSOR_EXPIRED" });

test("opens what it signed, for the same purpose only", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), fc.string(), (data, purpose, other) => {
      const signer = createTokenSigner({ keys: [key] });
      const token = signer.sign(purpose, data, 1_000);
      expect(signer.open(purpose, token)).toEqual(JSON.parse(JSON.stringify(data)));
      if (other !== purpose) expect(() => signer.open(other, token)).toThrow(gone);
    }),
  );
});

test("a purpose and a body cannot be shifted into each other", () => {
  const signer = createTokenSigner({ keys: [key] });
  const token = signer.sign("a", 1, 1_000);
  expect(() => signer.open("", `a\0${token}`)).toThrow(gone);
});

test("any change of any character is refused", () => {
  const signer = createTokenSigner({ keys: [key] });
  const token = signer.sign("p", { offset: 120 }, 60_000);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n";
  for (let at = 0; at < token.length; at++) {
    for (const letter of letters) {
      if (token[at] === letter) continue;
      const altered = token.slice(0, at) + letter + token.slice(at + 1);
      expect(() => signer.open("p", altered), `at ${at}: ${letter}`).toThrow(gone);
    }
    expect(() => signer.open("p", token.slice(0, at))).toThrow(gone);
  }
  expect(() => signer.open("p", `${token}A`)).toThrow(gone);
  expect(() => signer.open("p", `${token}=`)).toThrow(gone);
});

test("junk of any size is refused", () => {
  const signer = createTokenSigner();
  fc.assert(fc.property(fc.string(), (junk) => void expect(() => signer.open("p", junk)).toThrow(gone)));
  expect(() => signer.open("p", `${"A".repeat(5_000_000)}.${"A".repeat(22)}`)).toThrow(gone);
});

test("expires at its time, not before", () => {
  let now = 1_000;
  const signer = createTokenSigner({ keys: [key], now: () => now });
  const token = signer.sign("p", 1, 500);
  now = 1_499;
  expect(signer.open("p", token)).toBe(1);
  now = 1_500;
  expect(() => signer.open("p", token)).toThrow(expect.objectContaining({ details: { reason: "too_old" } }));
});

test("rotation: old tokens open while the old key is listed, new ones are signed by the first", () => {
  const before = createTokenSigner({ keys: [older] });
  const during = createTokenSigner({ keys: [key, older] });
  const after = createTokenSigner({ keys: [key] });
  const old = before.sign("p", "x", 1_000);
  expect(during.open("p", old)).toBe("x");
  expect(() => after.open("p", old)).toThrow(gone);
  expect(after.open("p", during.sign("p", "y", 1_000))).toBe("y");
  expect(() => before.open("p", during.sign("p", "y", 1_000))).toThrow(gone);
});

test("without keys every process has its own", () => {
  const token = createTokenSigner().sign("p", 1, 1_000);
  expect(() => createTokenSigner().open("p", token)).toThrow(gone);
  expect(() => createTokenSigner({ keys: [] }).open("p", token)).toThrow(gone);
});

test("a short key is a configuration error that does not repeat the key", () => {
  const weak = () => createTokenSigner({ keys: [key, "hunter2"] });
  expect(weak).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
  expect(weak).not.toThrow(/hunter2/);
});
