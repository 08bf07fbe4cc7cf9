import { expect, it } from "vitest";
import { ReadError } from "../../base/read-error.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { describeRefusal } from "../refusal.ts";
import { hintFor } from "./loki-hints.ts";

const pipeline = {
  sink: { kind: "loki", services: { store: null }, reader: "store", ingesters: ["store"], port: 3_100 },
  deployment: { kind: "own", configFile: "shop.yaml" },
} as unknown as Pipeline;

const loki = { kind: "loki", hintFor: (error: ReadError) => hintFor(error, pipeline) } as const;

it.each([
  ["Loki answered 401: no org id", 401, "set loki.tenant in shop.yaml"],
  ["Loki answered 403: who are you?", 403, "loki.basicAuth or loki.bearerToken"],
  ["Loki answered 404: page not found", 404, "with the path that a proxy puts before /loki/api/v1"],
  ["Loki answered 302: (nothing)", 302, "the address of Loki's own API"],
  ["Loki's port is not published.", undefined, "Publish port 3100 of store"],
])("says what to do about a refusal: %s", (message, status, hint) => {
  const text = describeRefusal({ error: new ReadError(message, status), sinceMs: 0 }, loki);
  expect(text).toContain(message.replace(/\.$/, ""));
  expect(text).toContain(hint);
});
