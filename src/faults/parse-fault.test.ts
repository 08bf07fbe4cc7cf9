import { describe, expect, it } from "vitest";
import { parseScheduledFault } from "../plan/scheduled-fault.ts";
import { faultKinds } from "./registry.ts";

describe("a fault of a scenario or a stored plan", () => {
  it("is taken with the parameters of its kind, and when it holds", () => {
    const fault = { kind: "slow", target: "site-link", latencyMs: 100, at: 0, until: 1 };
    expect(parseScheduledFault(fault)).toEqual(fault);
  });

  it.each([
    ["has no kind", { target: "loki" }, "expected a fault with its kind, got"],
    [
      "is of no kind that there is",
      { kind: "kil", target: "loki" },
      'no kind of fault "kil". Did you mean kill',
    ],
    [
      "has a parameter of another type",
      { kind: "rotate", target: "source", method: 3, at: 0.5 },
      "is no rotate: method: ",
    ],
    [
      "lacks one",
      { kind: "tear-wal", target: "loki", by: "cut", at: 0.5, until: 0.6 },
      "is no tear-wal: record: ",
    ],
    ["has one too many", { kind: "restart", target: "loki", at: 0.5, image: "3.7.6" }, '"image"'],
    [
      "is to come after the load",
      { kind: "restart", target: "loki", at: 2 },
      "is no restart: at: Too big: expected number to be <=1",
    ],
    ["is on no link", { kind: "disconnect", target: "loki", at: 0, until: 1 }, "is no disconnect: target: "],
    [
      "never heals",
      { kind: "kill", target: "loki", at: 0.5 },
      "kill loki holds until it heals, so it needs an `until`",
    ],
    [
      "ends by itself",
      { kind: "kill", target: "app", at: 0.5, until: 0.6 },
      "kill app ends by itself, so it can have no `until`",
    ],
    [
      "heals before it begins",
      { kind: "stop", target: "loki", at: 0.5, until: 0.4 },
      "stop loki is to heal (until 0.4) before",
    ],
  ])("is refused with the kind, the parameter and what was expected if it %s", (_, fault, message) => {
    expect(() => parseScheduledFault(fault)).toThrow(message);
  });

  it("has a summary for each kind", () => {
    for (const { summary } of faultKinds) expect(summary).toMatch(/^[A-Z].*\.$/);
  });
});
