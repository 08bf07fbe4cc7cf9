import { expect, it } from "vitest";
import { isConfigurationPath, isWithin, pathsNamedBy } from "./configuration-path.ts";

const service = { ports: [], volumes: [], networks: {}, depends_on: {} };

it("finds every absolute path that a service names", () => {
  const named = pathsNamedBy({
    ...service,
    command: ["-config.file=/etc/store/a.yaml", "-x", "/b"],
    entrypoint: ["sh", "-c", "cat /c/d > '/e'"],
    environment: { CONFIG: "/f.yml", LIST: "/g:/h", NONE: null, URL: "http://store:3100/push" },
  });
  expect(named).toEqual(["/etc/store/a.yaml", "/b", "/c/d", "/e", "/f.yml", "/g", "/h"]);
});

it("takes for configuration what has such a name, lies in /etc or is named", () => {
  for (const path of ["/a/b.yaml", "/a/nginx.conf", "/etc/store/anything"])
    expect(isConfigurationPath(path, [])).toBe(true);
  expect(isConfigurationPath("/state/journal", [])).toBe(false);
  expect(isConfigurationPath("/state/journal", ["/state/journal"])).toBe(true);
});

it("knows what lies in a folder by whole names", () => {
  expect(isWithin("/var/log/a", "/var/log")).toBe(true);
  expect(isWithin("/var/log", "/var/log")).toBe(true);
  expect(isWithin("/var/logs", "/var/log")).toBe(false);
  expect(isWithin("/a", "/")).toBe(true);
});
