import { expect, it } from "vitest";
import { readStdoutSettings } from "./settings.ts";

const clock = { epochMs: 1_790_000_000_000, linesPerSecond: 250 };
const environment = {
  PORT: "8080",
  SOURCE: "app-1",
  SEED: "run-7",
  CLOCK: JSON.stringify(clock),
  LINES: "1000",
  LEDGER_DIR: "/logs",
};

it("reads what the environment sets", () => {
  expect(readStdoutSettings(environment)).toEqual({
    port: 8_080,
    source: "app-1",
    seed: "run-7",
    clock,
    lines: 1_000,
    ledgerFolder: "/logs",
  });
});

it.each(Object.keys(environment))("needs %s", (name) => {
  expect(() => readStdoutSettings({ ...environment, [name]: "" })).toThrow(`${name} is required`);
});

it.each([
  [{ PORT: "http" }, 'PORT="http": expected a whole number from 1 to 65535'],
  [{ LINES: "1.5" }, 'LINES="1.5": expected a whole number from 0'],
  [{ SOURCE: "a/b" }, 'SOURCE="a/b": expected a source name'],
  [{ SEED: "x".repeat(33) }, "expected a seed"],
  [{ CLOCK: "null" }, 'CLOCK="null": expected {"epochMs":NUMBER'],
  [{ CLOCK: '{"epochMs":0,"linesPerSecond":0}' }, 'expected {"epochMs":NUMBER'],
  [{ CLOCK: '{"epochMs":1e300,"linesPerSecond":1}' }, "CLOCK="],
])("says what is wrong with %j", (change, message) => {
  expect(() => readStdoutSettings({ ...environment, ...change })).toThrow(message);
});
