import { describe, expect, it } from "vitest";
import { composeModel } from "../../../test/support/compose-model.ts";
import { ownConfig } from "../../../test/support/own-config.ts";
import { shownContainer } from "../../pipeline/shown-load.ts";
import type { ComposeService } from "./compose-model.ts";
import { ownStdout } from "./own-stdout.ts";

const bind = (source: string, target = source) => ({ type: "bind", source, target, read_only: true });
const socket = bind("/var/run/docker.sock");
const folder = bind("/var/lib/docker/containers");

function stdoutOf(
  promtail: Partial<ComposeService>,
  { web = {}, stdout = {} }: { web?: Partial<ComposeService>; stdout?: object } = {},
) {
  const model = composeModel({ promtail, web: { image: "shop/web:7", ...web } });
  const source = { stdout: { labels: {}, ...stdout } };
  return ownStdout(ownConfig({ source }), model);
}

describe("a shipper that reads the stdout of containers", () => {
  it.each([
    ["its folder", { volumes: [socket, folder] }, { by: "files", path: "/var/lib/docker/containers" }],
    [
      "the engine's whole folder",
      { volumes: [bind("/var/lib/docker", "/docker")] },
      { by: "files", path: "/docker/containers" },
    ],
    ["the socket", { volumes: [socket] }, { by: "api", path: "/var/run/docker.sock" }],
    ["a proxy", { environment: { DOCKER_HOST: "tcp://proxy:2375" } }, { by: "api" }],
  ])("is known by %s", (_, promtail, expected) => {
    expect(stdoutOf(promtail)).toMatchObject(expected);
  });

  it("is refused if it has no access, with what to do", () => {
    expect(() => stdoutOf({ volumes: [bind("/srv/log", "/var/log/shop")] })).toThrow(
      "promtail reads the stdout of containers, but it mounts neither /var/lib/docker/containers nor /var/run/docker.sock",
    );
  });

  it("is refused if the service's stdout is stored elsewhere", () => {
    const web = { logging: { driver: "gelf" } };
    expect(() => stdoutOf({ volumes: [folder] }, { web, stdout: { service: "web" } })).toThrow(
      "source.stdout.service names web, whose `logging` has the driver gelf",
    );
    // The engine answers for containers with any driver.
    expect(stdoutOf({ volumes: [socket] }, { web, stdout: { service: "web" } })).toMatchObject({ by: "api" });
  });
});

describe("the load of such a pipeline", () => {
  it("appears as the containers that Compose would make of the user's service", () => {
    const web = { labels: { team: "shop" }, networks: { front: null }, logging: { options: { tag: "x" } } };
    const { shown } = stdoutOf(
      { volumes: [socket] },
      { web, stdout: { service: "web", labels: { logging: "yes" } } },
    )!;
    expect(shownContainer(shown, 1)).toEqual({
      name: "shop-web-2",
      image: "shop/web:7",
      network: "shop_front",
      labels: {
        team: "shop",
        logging: "yes",
        "com.docker.compose.project": "shop",
        "com.docker.compose.service": "web",
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.container-number": "2",
      },
      logOptions: { tag: "x" },
      environment: {},
    });
  });

  it("has the fixed name of the service's container", () => {
    const web = { container_name: "frontend" };
    const { shown } = stdoutOf({ volumes: [socket] }, { web, stdout: { service: "web" } })!;
    expect([0, 1].map((index) => shownContainer(shown, index).name)).toEqual(["frontend", "frontend-2"]);
  });

  it("appears as some service if the configuration names none", () => {
    const { shown } = stdoutOf({ volumes: [socket] })!;
    expect(shownContainer(shown, 0)).toMatchObject({
      name: "shop-app-1",
      labels: { "com.docker.compose.service": "app" },
      network: "shop_default",
    });
  });
});
