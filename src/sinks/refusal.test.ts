import { describe, expect, it } from "vitest";
import { ReadError } from "../base/read-error.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { hintFor } from "./loki/loki-hints.ts";
import { describeRefusal, isLasting } from "./refusal.ts";

const pipeline = {
  sink: { kind: "loki", services: { store: null }, reader: "store", ingesters: ["store"], port: 3_100 },
  deployment: { kind: "own", configFile: "shop.yaml" },
} as unknown as Pipeline;

const loki = { kind: "loki", hintFor: (error: ReadError) => hintFor(error, pipeline) } as const;

const refusal = (message: string, status?: number) => ({ error: new ReadError(message, status), sinceMs: 0 });

describe("what Loki answers in place of what was asked for", () => {
  it.each([
    ["Loki answered 401: no org id", 401, "set loki.tenant in shop.yaml"],
    ["Loki answered 403: who are you?", 403, "loki.basicAuth or loki.bearerToken"],
    ["Loki answered 404: page not found", 404, "with the path that a proxy puts before /loki/api/v1"],
    ["Loki answered 302: (nothing)", 302, "the address of Loki's own API"],
    ["Loki's port is not published.", undefined, "Publish port 3100 of store"],
  ])("%s: says what to do", (message, status, hint) => {
    const text = describeRefusal(refusal(message, status), loki);
    expect(text).toContain(message.replace(/\.$/, ""));
    expect(text).toContain(hint);
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
    expect(isLasting(refusal("Loki's port is not published."), 20_000)).toBe(true);
  });
});
