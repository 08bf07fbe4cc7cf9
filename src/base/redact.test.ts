import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSecretName, Redactor } from "./redact.ts";

describe("Redactor", () => {
  it("takes every copy of a secret out of every text of a value, whatever it is part of", () => {
    const redactor = new Redactor(["hunter2!", "hunter2!more"]);
    const value = {
      reasons: ["a hunter2!more b hunter2!"],
      count: 3,
      none: null,
      at: { deep: "x=hunter2!" },
    };
    expect(redactor.deep(value)).toEqual({
      reasons: ["a [redacted] b [redacted]"],
      count: 3,
      none: null,
      at: { deep: "x=[redacted]" },
    });
  });

  it("leaves no secret of six characters or more in any text", () => {
    const secret = fc.string({ minLength: 6, maxLength: 20 }).filter((text) => !"[redacted]".includes(text));
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1 }), fc.string(), (secrets, between) => {
        const text = new Redactor(secrets).text(secrets.join(between));
        // What is left between two replacements may spell a secret anew only if the replacement is part of it.
        return secrets.every(
          (one) => one.includes("[redacted]") || !text.split("[redacted]").some((rest) => rest.includes(one)),
        );
      }),
    );
  });

  it("removes the password from a URL, also where nobody has named it as a secret", () => {
    expect(new Redactor().text("push to https://me:s3cr3t@store.example/push failed")).toBe(
      "push to https://me:[redacted]@store.example/push failed",
    );
  });

  it("removes secrets that were added later, and ignores secrets of few characters", () => {
    const redactor = new Redactor(["abc"]);
    redactor.add(["later-secret"]);
    expect(redactor.text("abc later-secret")).toBe("abc [redacted]");
  });
});

it.each([
  ["STORE_PASSWORD", true],
  ["DB_PASS", true],
  ["API_KEY", true],
  ["client-secret", true],
  ["GITHUB_TOKEN", true],
  ["KAFKA_BROKERS", false],
  ["PASSTHROUGH", false],
  ["KEYSPACE", false],
])("%s is the name of a secret: %s", (name, expected) => {
  expect(isSecretName(name)).toBe(expected);
});
