import { expect, it } from "vitest";
import { currentClaim, currentScenario } from "./former-scenarios.ts";

it.each([
  ["loki-restart", "sink-restart"],
  ["loki-outage/below-horizon", "sink-outage/below-horizon"],
  ["loki-down-24h/7d1h", "sink-down-24h/7d1h"],
  ["network-partition/consumer-loki", "network-partition/consumer-sink"],
])("knows the scenario %s by its former name", (former, current) => {
  expect(currentScenario(former)).toBe(current);
  expect(currentClaim(`direct/${former}`)).toBe(`direct/${current}`);
  expect(currentScenario(current)).toBe(current);
});

it.each(["loki-backlog/spread", "loki-writer-crash", "known-bugs/loki-torn-wal-record", "my-loki-restart"])(
  "leaves %s alone, which is about Loki or somebody else's",
  (name) => {
    expect(currentScenario(name)).toBe(name);
    expect(currentClaim(`kafka/${name}`)).toBe(`kafka/${name}`);
  },
);
