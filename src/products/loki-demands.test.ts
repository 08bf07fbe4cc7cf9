import { expect, it } from "vitest";
import { lokiConfiguration } from "./loki-demands.ts";

const { demandsOf } = lokiConfiguration;

it.each([
  [{ auth_enabled: false, server: { http_listen_port: 3200 } }, [], { needsTenant: false, port: 3200 }],
  // Loki's own defaults.
  [{}, [], { needsTenant: true, port: 3100 }],
  [null, [], { needsTenant: true, port: 3100 }],
  [{}, ["-auth.enabled=false", "--server.http-listen-port", "80"], { needsTenant: false, port: 80 }],
  [{ auth_enabled: false }, ["-auth.enabled=true"], { needsTenant: true, port: 3100 }],
])("reads what %j with %j demands", (config, words, demands) => {
  expect(demandsOf(config, words)).toEqual(demands);
});

it("does not guess what a variable holds", () => {
  expect(() => demandsOf({ auth_enabled: `\${AUTH}` }, [])).toThrow("auth_enabled");
});
