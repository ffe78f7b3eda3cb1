import { expect, test } from "vitest";
import { createSensitiveNames } from "./sensitive-name.ts";

const isSensitive = createSensitiveNames();

test.each(
  "password user_password userPassword PASSWORD_HASH passwords userpassword passwd pwd secret client_secret secrets token access_token authToken refreshTokens ssn userSSN social_security_number socialSecurityNo credit_card CreditCardNumber creditcard card_number cvv cvv2 cvc pin user_pin PINCode api_key apiKey APIKey apikeys private_key privateKeyPem auth auth_code oauth_state otp jwt session_cookie iban passport_no tax_id Kennwort contraseña".split(
    " ",
  ),
)("%s is sensitive", (name) => {
  expect(isSensitive(name)).toBe(true);
});

test.each(
  "shipping shipping_address author authors author_id authority authorized_at spinning spin pinned_at opinion pint secretary secretariat keyboard primary_key key card_type business_card cardinality class_word tokyo mission assn session_id compass_words id email name taxi_id".split(
    " ",
  ),
)("%s is not", (name) => {
  expect(isSensitive(name)).toBe(false);
});

test("extra patterns: words, phrases, wildcards", () => {
  const more = createSensitiveNames(["email", "date of birth", "hr_*", "*_raw", "x?z", "", " "]);
  for (const name of ["e_mail_x", "id", "birth_date", "hr", "raw_x", "xz"])
    expect(more(name), name).toBe(false);
  for (const name of ["Emails", "work_email", "dateOfBirth", "HR_notes", "a_RAW", "xyz", "password"]) {
    expect(more(name), name).toBe(true);
  }
});

test("an extra pattern is no regular expression and cannot take long", () => {
  expect(createSensitiveNames(["a.c"])("abc")).toBe(false);
  const started = performance.now();
  expect(createSensitiveNames([`${"*a".repeat(200)}b`])("a".repeat(5_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2_000);
});
