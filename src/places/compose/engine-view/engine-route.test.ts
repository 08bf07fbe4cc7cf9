import { expect, it } from "vitest";
import { engineRoute } from "./engine-route.ts";

it.each([
  ["GET", "/_ping", { kind: "engine" }],
  ["HEAD", "/_ping", { kind: "engine" }],
  ["GET", "/v1.41/version", { kind: "engine" }],
  ["GET", "/v1.41/containers/json", { kind: "list" }],
  ["GET", "/containers/abc/json", { kind: "inspect", container: "abc" }],
  ["GET", "/v1.44/containers/shop-web-1/logs", { kind: "logs", container: "shop-web-1" }],
  ["GET", "/v1.44/networks", { kind: "networks" }],
  ["GET", "/networks/shop_default", { kind: "network", network: "shop_default" }],
  ["GET", "/events", { kind: "events" }],
])("answers %s %s", (method, path, route) => {
  expect(engineRoute(method, path)).toEqual(route);
});

it.each([
  ["POST", "/containers/abc/stop"],
  ["POST", "/v1.41/containers/abc/exec"],
  ["DELETE", "/containers/abc"],
  ["HEAD", "/containers/abc/archive"],
  ["GET", "/containers/abc/archive"],
  ["GET", "/containers/abc/export"],
  ["GET", "/containers/abc/../def/json"],
  ["GET", "/images/json"],
  ["GET", "/info"],
  ["GET", "/volumes"],
  ["GET", "/v1.41"],
])("refuses %s %s", (method, path) => {
  expect(engineRoute(method, path)).toBeUndefined();
});
