import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Dispatcher, request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { connectEngine } from "../src/places/compose/engine.ts";
import { removeProject } from "../src/places/compose/project.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { root, run } from "./support/command.ts";
import { needImages } from "./support/need-images.ts";
import { lastRunIn, runsIn } from "./support/own-stack.ts";

await needImages("otel-collector");

const everyline = join(root, "bin/everyline");
const docker = await connectEngine();
// A name that `everyline clean` does not recognise as a run's.
const project = `shop-test-${process.pid}`;
const password = "correct horse battery";
const environment = {
  ...process.env,
  // What the run finds by itself in the catalogue, Compose has to be told when it is started by hand.
  COLLECTOR_IMAGE: "everyline/otel-collector:0.158.0",
  LOGSTORE_IMAGE: "everyline/loki:3.6.4",
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterAll(async () => {
  await removeProject(docker, project);
  await rm(folder, { recursive: true });
});

/** A copy of the example, without anything of Everyline in it. */
async function exampleIn(name: string): Promise<string> {
  const copy = join(folder, name);
  await cp(join(root, "examples/opentelemetry"), copy, { recursive: true });
  return copy;
}

async function onlyRun(reports: string) {
  expect(await runsIn(reports)).toHaveLength(1);
  return (await lastRunIn(reports)).document!;
}

describe("a stack that shares nothing with the fixtures", () => {
  it("is described by asking its Compose file, and holds over a restart of its Loki", async () => {
    const cwd = await exampleIn("described");
    await rm(join(cwd, "everyline.config.yaml"));
    const asked = await run(everyline, ["init"], { cwd });
    expect(asked.stderr).toBe("");
    const config = join(cwd, "everyline.config.yaml");
    const text = await readFile(config, "utf8");
    expect(parse(text)).toMatchObject({
      source: { folder: "/var/log/shop" },
      shipper: { service: "collector" },
      loki: { url: "http://logstore:3100" },
    });
    expect((await run(everyline, ["init"], { cwd })).exitCode).toBe(64);

    const { exitCode, stderr } = await run(
      everyline,
      ["run", "sink-restart", "--lines", "300", "--rate", "40"],
      { cwd },
    );
    expect(exitCode, stderr).toBe(0);
    const document = await onlyRun(join(cwd, "reports"));
    expect(document.verdict).toBe("holds");
    expectAllDelivered(document.counts, 300);
    expect(document.images.map(({ service, version }) => [service, version])).toEqual([
      ["collector", "0.158.0"],
      ["logstore", "3.6.4"],
    ]);
    const label = [`com.docker.compose.project=everyline-${document.runId}`];
    expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
  });

  it("is broken where its shipper keeps its queue in memory and is killed in an outage", async () => {
    const cwd = await exampleIn("forgetful");
    const collector = join(cwd, "collector.yaml");
    const sound = await readFile(collector, "utf8");
    const forgetful = sound.replace(
      "      storage: file_storage\n      block_on_overflow",
      "      block_on_overflow",
    );
    expect(forgetful).not.toBe(sound);
    await writeFile(collector, forgetful);
    await appendFile(join(cwd, "everyline.config.yaml"), "quietSeconds: 5\n");
    const args = ["run", "promtail-crash/during-outage"];
    const { exitCode } = await run(everyline, args, { cwd });
    const document = await onlyRun(join(cwd, "reports"));
    expect({ exitCode, verdict: document.verdict }).toEqual({ exitCode: 1, verdict: "broken" });
    expect(document.counts.lost).toBeGreaterThan(0);
    expect(new Set(document.lost.map(({ hop }) => hop))).toEqual(new Set(["unknown"]));
    expect(document.plan.claim.text).toContain(
      "The shipper (collector) is killed (SIGKILL) 17 s into an outage",
    );
  });
});

describe("a stack that is up, with tenants, behind a password", () => {
  let cwd: string;
  let logs: string;
  let front: Server;

  beforeAll(async () => {
    cwd = await exampleIn("attached");
    logs = join(cwd, "app-logs");
    await mkdir(logs);
    await writeFile(join(logs, "shop.log"), "a line of the shop's own\n");
    const up = await run("docker", ["compose", "-p", project, "up", "-d"], {
      cwd,
      env: {
        ...environment,
        LOGSTORE_MULTITENANT: "true",
        COLLECTOR_HEALTH_PORT: "0",
        COLLECTOR_METRICS_PORT: "0",
        LOGSTORE_PORT: "0",
      },
    });
    expect(up.exitCode, up.stderr).toBe(0);
    front = await passwordFront();
    const { port } = front.address() as AddressInfo;
    const config = join(cwd, "everyline.config.yaml");
    const text = await readFile(config, "utf8");
    const loki = `url: http://127.0.0.1:${port}\n  services: [logstore]\n  tenant: shop\n`;
    const auth = `  basicAuth: { username: reader, password: "\${SHOP_PASSWORD}" }`;
    await writeFile(config, text.replace(/url: http:\/\/logstore:3100.*/, loki + auth));
  }, 120_000);

  afterAll(() => front?.close());

  /** A proxy before the stack's Loki, which asks for the password. */
  async function passwordFront(): Promise<Server> {
    const expected = `Basic ${Buffer.from(`reader:${password}`).toString("base64")}`;
    const server = createServer(async ({ method = "GET", url = "/", headers }, response) => {
      // As proxies do. An abandoned query that reaches a stopping Loki delays it until it is killed.
      const gone = new AbortController();
      response.once("close", () => {
        if (!response.writableFinished) gone.abort();
      });
      if (headers.authorization !== expected) return void response.writeHead(401).end("who are you?");
      // As proxies do that let only queries and pushes through.
      if (url === "/config") return void response.writeHead(403).end("not for you");
      const names = ["x-scope-orgid", "x-loki-response-encoding-flags"];
      const passed = names.flatMap((name) => (headers[name] ? [[name, `${headers[name]}`] as const] : []));
      try {
        const answer = await request((await lokiUrl()) + url, {
          method: method as Dispatcher.HttpMethod,
          headers: Object.fromEntries(passed),
          signal: gone.signal,
        });
        response.writeHead(answer.statusCode).end(Buffer.from(await answer.body.arrayBuffer()));
      } catch {
        if (!response.destroyed) response.writeHead(502).end("Loki is away");
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  async function serviceOf(service: string) {
    const label = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`];
    const [container] = await docker.listContainers({ all: true, filters: { label } });
    return container!;
  }

  async function lokiUrl(): Promise<string> {
    const { Ports: ports } = await serviceOf("logstore");
    return `http://127.0.0.1:${ports.find(({ PrivatePort: port }) => port === 3_100)?.PublicPort}`;
  }

  const withPassword = { ...process.env, SHOP_PASSWORD: password };

  it("holds over an outage, stays up, and keeps nothing of the run's but its lines", async () => {
    const before = await serviceOf("logstore");
    const args = ["run", "sink-outage/below-horizon", "--project", project];
    const { exitCode, stdout, stderr } = await run(everyline, args, { cwd, env: withPassword });
    expect(exitCode, stdout + stderr).toBe(0);
    const document = await onlyRun(join(cwd, "reports"));
    expect(document).toMatchObject({
      verdict: "holds",
      plan: { layout: "attached" },
      counts: { unexpected: 0 },
    });
    expectAllDelivered(document.counts, 1_000);
    expect(await readdir(logs)).toEqual(["shop.log"]);
    for (const service of ["collector", "logstore"]) expect((await serviceOf(service)).State).toBe("running");
    expect((await serviceOf("logstore")).Id).toBe(before.Id);
    const written = await run("grep", [
      "-r",
      "-l",
      "-F",
      "-e",
      password,
      "-e",
      "Y29ycmVjdCBob3",
      join(cwd, "reports"),
    ]);
    expect(written.stdout).toBe("");
  });

  it("is whole again after Ctrl-C in the middle of an outage", async () => {
    const args = ["run", "promtail-crash/during-outage", "--project", project, "--out", "interrupted"];
    const child = spawn(everyline, args, { cwd, env: withPassword, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    while ((await serviceOf("logstore")).State === "running" && child.exitCode === null) await setTimeout(50);
    child.kill("SIGINT");
    const [exitCode] = await once(child, "exit");
    expect(exitCode, stderr).toBe(130);
    for (const service of ["collector", "logstore"]) expect((await serviceOf(service)).State).toBe("running");
    expect(await readdir(logs)).toEqual(["shop.log"]);
  });

  it("says what is missing: a project that is not up, a password that is not set", async () => {
    const args = ["run", "sink-restart", "--out", "missing", "--project"];
    const down = await run(everyline, [...args, "nobody"], { cwd, env: withPassword });
    expect(down.stderr).toContain("no container of the service collector runs in the Compose project nobody");
    expect(down.exitCode).toBe(69);
    expect(await readdir(join(cwd, "missing")).catch(() => [])).toEqual([]);
    const ofRun = await run(everyline, [...args, "everyline-x"], { cwd, env: withPassword });
    expect(ofRun.stderr).toContain("has the form of a run's, which `everyline clean` removes");
    expect(ofRun.exitCode).toBe(64);
    const unset = await run(everyline, [...args, project], { cwd });
    expect(unset.stderr).toContain("takes a secret from the variable SHOP_PASSWORD, which is not set");
    expect(unset.exitCode).toBe(64);
  });
});
