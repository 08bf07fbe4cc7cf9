import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json, text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { EngineView } from "../src/places/compose/engine-view/engine-view.ts";
import { needImages } from "./support/need-images.ts";

await needImages("node");

const docker = await connectEngine();
const made: Docker.Container[] = [];
const shown = {
  name: "shop-web-1",
  image: "shop/web:7",
  network: "shop_default",
  labels: { team: "shop", "com.docker.compose.project": "shop" },
  logOptions: {},
  environment: {},
};
let folder: string;
let view: EngineView;
let load: Docker.Container;
let other: Docker.Container;
/** A client that takes the stand-in for the engine. */
let asked: Docker;

/** A container that writes a line every 20 ms. */
async function writing(line: string): Promise<Docker.Container> {
  const container = await docker.createContainer({
    Image: "everyline/node:24.21.0",
    Cmd: ["node", "-e", `setInterval(() => console.log(${JSON.stringify(line)}), 20)`],
    Env: ["TOKEN=of-the-load"],
    Labels: { "everyline.test": "engine-view", team: "nobody" },
  });
  made.push(container);
  await container.start();
  return container;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
  [load, other] = [await writing("of the load"), await writing("of another")];
  view = await EngineView.open(docker, [{ ...shown, id: load.id }], join(folder, "engine.sock"));
  asked = new Docker({ socketPath: view.socketPath });
});

afterAll(async () => {
  await view.close();
  await Promise.all(made.map((container) => container.remove({ force: true })));
  await rm(folder, { recursive: true });
});

async function ask(method: string, path: string): Promise<IncomingMessage> {
  const sent = request({ socketPath: view.socketPath, method, path }).end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return answer;
}

describe("a stand-in for the engine", () => {
  it("answers for the engine itself", async () => {
    expect((await asked.ping()).toString()).toBe("OK");
    expect((await asked.version()).ApiVersion).toBe((await docker.version()).ApiVersion);
    expect((await ask("HEAD", "/_ping")).headers["api-version"]).toBe((await docker.version()).ApiVersion);
  });

  it("lists the load alone, as the user's own container", async () => {
    const listed = await asked.listContainers({ all: true });
    expect(listed).toMatchObject([
      { Id: load.id, Names: ["/shop-web-1"], Image: "shop/web:7", Labels: shown.labels, State: "running" },
    ]);
    expect(Object.keys(listed[0]!.NetworkSettings.Networks)).toEqual(["shop_default"]);
    expect(
      await asked.listContainers({ filters: { label: ["team=shop"], status: ["running"] } }),
    ).toHaveLength(1);
    expect(await asked.listContainers({ filters: { label: ["team=nobody"] } })).toEqual([]);
    expect(await asked.listContainers({ filters: { status: ["exited"] } })).toEqual([]);
  });

  it("describes the load without what Everyline has given it, and knows no other container", async () => {
    for (const name of [load.id, load.id.slice(0, 12), "shop-web-1"]) {
      const { Id, Name, Config } = await asked.getContainer(name).inspect();
      expect({ Id, Name }).toEqual({ Id: load.id, Name: "/shop-web-1" });
      expect(Config).toMatchObject({ Image: "shop/web:7", Labels: shown.labels, Env: [], Tty: false });
    }
    await expect(asked.getContainer(other.id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(asked.getContainer(other.id).logs({ stdout: true })).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it("passes on what the load writes, while it writes it, until nobody listens", async () => {
    const logs = await asked
      .getContainer(load.id)
      .logs({ stdout: true, stderr: true, timestamps: true, tail: 3 });
    expect(logs.toString().match(/Z of the load\n/g)).toHaveLength(3);
    const followed = (await asked
      .getContainer(load.id)
      .logs({ follow: true, stdout: true, tail: 0 })) as unknown as IncomingMessage;
    let bytes = 0;
    for await (const chunk of followed) {
      bytes += (chunk as Buffer).length;
      if (bytes > 200) break;
    }
    expect(bytes).toBeGreaterThan(200);
  });

  it("shows the network of the load under the user's name", async () => {
    const [network, ...others] = await asked.listNetworks();
    expect(others).toEqual([]);
    expect(network).toMatchObject({ Name: "shop_default", Containers: {} });
    const [endpoint] = Object.values((await asked.listContainers())[0]!.NetworkSettings.Networks);
    expect(network!.Id).toBe(endpoint!.NetworkID);
    expect(await asked.getNetwork("shop_default").inspect()).toMatchObject({ Id: network!.Id });
    await expect(asked.getNetwork("host").inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("tells of events of the load alone", async () => {
    // With its fraction: the containers may have been started in the same second.
    const since = Date.now() / 1_000;
    await other.pause();
    await load.pause();
    await load.unpause();
    const until = Math.ceil(Date.now() / 1_000) + 1;
    const events = (await asked.getEvents({ since, until })) as unknown as IncomingMessage;
    const told = (await text(events))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(told.map(({ Action }) => Action)).toEqual(["pause", "unpause"]);
    for (const event of told)
      expect(event).toMatchObject({
        from: "shop/web:7",
        Actor: { ID: load.id, Attributes: { ...shown.labels, name: "shop-web-1", image: "shop/web:7" } },
      });
    expect(JSON.stringify(told)).not.toContain("nobody");
  });

  it.each([
    ["POST", "/containers/ID/stop"],
    ["POST", "/containers/ID/exec"],
    ["DELETE", "/containers/ID?force=1"],
    ["POST", "/containers/create"],
    ["GET", "/containers/ID/archive?path=/"],
    ["GET", "/images/json"],
    ["GET", "/info"],
    ["GET", "/volumes"],
  ])("refuses %s %s", async (method, path) => {
    const answer = await ask(method, path.replace("ID", load.id));
    expect(answer.statusCode).toBe(403);
    expect(await json(answer)).toMatchObject({ message: expect.stringContaining("is refused") });
    expect((await load.inspect()).State.Running).toBe(true);
  });

  it("says what is wrong with a request, and goes on", async () => {
    expect((await ask("GET", "/containers/json?filters=%5B")).statusCode).toBe(500);
    expect((await ask("GET", "/containers/%zz/json")).statusCode).toBe(500);
    expect(
      (await ask("GET", "/containers/json?filters=%7B%22nonsense%22%3A%5B%22x%22%5D%7D")).statusCode,
    ).toBe(400);
    expect(await asked.listContainers()).toHaveLength(1);
  });

  it("shows nothing where a run has no load on stdout", async () => {
    const none = await EngineView.open(docker, [], join(folder, "none.sock"));
    const client = new Docker({ socketPath: none.socketPath });
    expect(await client.listContainers({ all: true })).toEqual([]);
    expect(await client.listNetworks()).toEqual([]);
    await expect(client.getContainer(load.id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await none.close();
  });

  it("breaks off what it is answering when it is closed", async () => {
    const closing = await EngineView.open(docker, [{ ...shown, id: load.id }], join(folder, "closing.sock"));
    const client = new Docker({ socketPath: closing.socketPath });
    const followed = (await client.getEvents()) as unknown as IncomingMessage;
    followed.on("error", () => {});
    const ended = new Promise((resolve) => followed.once("close", resolve));
    await closing.close();
    await Promise.race([ended, setTimeout(5_000).then(() => expect.fail("the answer was not broken off"))]);
  });
});
