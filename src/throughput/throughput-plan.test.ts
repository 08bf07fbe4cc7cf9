import { expect, it } from "vitest";
import { overloadOf } from "./throughput-plan.ts";

it("writes an overload for as long as planned, and for less where its lines could not be read back", () => {
  const planned = { highest: undefined, seconds: 60 };
  expect(overloadOf(planned, 5_000).seconds).toBe(60);
  expect(overloadOf(planned, 50_000).seconds).toBe(60);
  expect(overloadOf(planned, 100_000).seconds).toBe(30);
  expect(overloadOf(planned, 6_000_000).seconds).toBe(1);
});
