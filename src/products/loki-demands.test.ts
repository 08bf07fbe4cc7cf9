import { expect, it } from "vitest";
import { lokiConfiguration } from "./loki-demands.ts";

const { demandsOf } = lokiConfiguration;

it.each([
  ["auth_enabled: false\nserver: { http_listen_port: 3200 }", [], { needsTenant: false, port: 3200 }],
  // Loki's own defaults.
  ["common: {}", [], { needsTenant: true, port: 3100 }],
  ["", [], { needsTenant: true, port: 3100 }],
  ["", ["-auth.enabled=false", "-server.http-listen-port=80"], { needsTenant: false, port: 80 }],
  ["auth_enabled: false", ["-auth.enabled=true"], { needsTenant: true, port: 3100 }],
])("reads what %j with %j demands", (text, words, demands) => {
  expect(demandsOf(text, words, {})).toEqual(demands);
});

it("fills in the variables of its container", () => {
  const text = `server:\n  http_listen_port: \${PORT}\n`;
  expect(demandsOf(text, [], { PORT: "3101" }).port).toBe(3101);
});

it.each([`auth_enabled: \${AUTH}`, `server: { http_listen_port: \${PORT} }`, "server: ["])(
  "concludes nothing from %s",
  (text) => {
    expect(() => demandsOf(text, [], {})).toThrow();
  },
);
