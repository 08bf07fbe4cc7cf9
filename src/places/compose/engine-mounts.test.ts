import { expect, it } from "vitest";
import { containersAt, isEngineSocket, isForeignFolder, isWholeMachine, socketAt } from "./engine-mounts.ts";

const mount = (source: string, target: string) => ({ type: "bind", source, target, read_only: true });

it.each([
  ["/var/run/docker.sock", true],
  ["/run/user/1000/docker.sock", true],
  ["/run/podman/podman.sock", true],
  ["/home/me/.docker/run/docker.raw.sock", true],
  ["/run/mysqld/mysqld.sock", false],
  ["/srv/docker.sock.conf", false],
])("knows %s as a socket of an engine: %s", (path, expected) => {
  expect(isEngineSocket(path)).toBe(expected);
});

it.each([
  ["/var/lib/docker", true],
  ["/var/lib/docker/containers", true],
  ["/home/me/.local/share/docker/containers", true],
  ["/data/docker/containers", true],
  ["/var/log", true],
  ["/var/run", true],
  ["/run/user/1000", true],
  ["/proc", false],
  ["/srv/docker", false],
  ["/var/lib/dockerised", false],
])("knows that %s holds what is not a run's: %s", (path, expected) => {
  expect(isForeignFolder(path)).toBe(expected);
});

it("tells the whole machine from a folder", () => {
  expect(["/", "/var", "/var/lib/"].map(isWholeMachine)).toEqual([true, true, true]);
  expect(["/srv", "/var/lib/docker", ""].map(isWholeMachine)).toEqual([false, false, false]);
});

it("says where in a container the engine's socket is", () => {
  expect(socketAt(mount("/var/run/docker.sock", "/tmp/engine.sock"))).toBe("/tmp/engine.sock");
  expect(socketAt(mount("/var/run", "/host/run/"))).toBe("/host/run/docker.sock");
  expect(socketAt(mount("/srv/logs", "/var/run/docker.sock"))).toBeUndefined();
});

it("says where in a container the engine's folder of containers is", () => {
  expect(containersAt(mount("/var/lib/docker/containers", "/logs/"))).toBe("/logs");
  expect(containersAt(mount("/var/lib/docker", "/engine"))).toBe("/engine/containers");
  expect(containersAt(mount("/srv/docker", "/engine"))).toBeUndefined();
  expect(containersAt(mount("/var/log", "/var/log"))).toBeUndefined();
});
