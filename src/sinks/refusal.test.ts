import { describe, expect, it } from "vitest";
import { ReadError } from "../base/read-error.ts";
import { describeRefusal, isLasting } from "./refusal.ts";

const refusal = (message: string, status?: number) => ({ error: new ReadError(message, status), sinceMs: 0 });

describe("what a sink answers in place of what was asked for", () => {
  it("is told in one sentence, and what the sink knows to do about it in the next", () => {
    const sink = { kind: "victorialogs", hintFor: ({ status }: ReadError) => `Do ${status}.` } as const;
    expect(describeRefusal(refusal("It answered 401: who are you?", 401), sink)).toBe(
      "Nothing can be read from VictoriaLogs. It answered 401: who are you?. Do 401.",
    );
    expect(
      describeRefusal(refusal("Its port is not published."), { ...sink, hintFor: () => undefined }),
    ).toBe("Nothing can be read from VictoriaLogs. Its port is not published.");
  });

  it("is waited for only where waiting may help", () => {
    const lasting = [401, 403, 400, 404, 200, 302].filter((status) => isLasting(refusal("", status), 20_000));
    expect(lasting).toEqual([401, 403, 400, 404, 200, 302]);
    const passing = [429, 500, 502, 503, undefined].filter((status) =>
      isLasting(refusal("", status), 60_000),
    );
    expect(passing).toEqual([]);
    expect(isLasting(refusal("", 401), 1_000)).toBe(false);
    expect(isLasting(refusal("", 404), 7_000)).toBe(false);
    expect(isLasting(refusal("The store's port is not published."), 20_000)).toBe(true);
  });
});
