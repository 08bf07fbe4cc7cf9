import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName, removeProject } from "../src/places/compose/project.ts";
import { describeMountNote } from "../src/places/mount-note.ts";
import { expectAllDelivered, expectEndingInSevenLost } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { useOwnStacks } from "./support/own-stack.ts";

await needImages("node", "stdout-generator");

const docker = await connectEngine();
const stackOf = useOwnStacks(afterAll);
const stacks = ["stdout-files", "stdout-api"];
const scenarios = ["sink-restart", "promtail-restart", "promtail-crash/under-load", "network-partition"];
const lines = ["--lines", "400", "--rate", "40"];
/** Of 40 lines a second, what Promtail collects for a push in its second of waiting, and as much again for a busy machine. */
const mostInBatch = 84;
const dropsSevens = (stage: string) => (text: string) => `${text}${stage}`;
let chatty: Docker.Container;

/** Somebody else's container, which every filter of the stacks would let through. */
beforeAll(async () => {
  chatty = await docker.createContainer({
    Image: "everyline/node:24.21.0",
    Cmd: ["node", "-e", `setInterval(() => console.log("a secret of somebody else"), 20)`],
    Labels: { logging: "promtail", team: "shop", "com.docker.compose.service": "web" },
    HostConfig: {
      LogConfig: {
        Type: "json-file",
        Config: { labels: "team,com.docker.compose.service", tag: "shop-web-1" },
      },
    },
  });
  await chatty.start();
});

afterAll(async () => chatty?.remove({ force: true }));

/** How many copies a Promtail may leave that loses no line. */
function mostCopiesOf(stack: string, scenario: string, { written }: { written: number }): number {
  // A push that times out while the network is cut may reach Loki when it heals, besides its retry.
  if (scenario === "network-partition") return mostInBatch;
  // After SIGKILL it reads again from its last saved position, with the time of reading; what the engine answers has the engine's time.
  return scenario === "promtail-crash/under-load" && stack === "stdout-files" ? written : 0;
}

/** Everything that a run has stored. */
async function storedIn(report: string): Promise<string> {
  const names = ["observed-before-flush.jsonl", "observed-after-flush.jsonl", "run.json", "journal.ndjson"];
  return (await Promise.all(names.map((name) => readFile(join(report, name), "utf8")))).join("\n");
}

describe.each(stacks)("a stack whose Promtail reads the stdout of containers: %s", (name) => {
  it.each(scenarios)(
    "%s comes to a true verdict, and nothing of another container is read",
    async (scenario) => {
      const stack = await stackOf(name);
      const { exitCode, stderr, document, report } = await stack.run(scenario, ...lines);
      expect(document?.reasons, stderr).toEqual([]);
      expect(exitCode, stderr).toBe(0);
      expect(document!.faults.map(({ effective }) => effective)).not.toContain(false);
      expect(document).toMatchObject({
        verdict: "holds",
        plan: { load: { by: "stdout" } },
        counts: { lost: 0, corrupted: 0, unexpected: 0 },
      });
      expect(document!.counts.duplicated).toBeLessThanOrEqual(mostCopiesOf(name, scenario, document!.counts));
      expectAllDelivered(document!.counts, 400);
      expect(await storedIn(report)).not.toContain("somebody else");
      const label = [`com.docker.compose.project=${projectName(document!.runId)}`];
      expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
    },
  );

  it("is broken by exactly the lines that its own configuration drops", async () => {
    const stack = await stackOf(name);
    const stage =
      name === "stdout-files"
        ? "      - drop: { expression: '/[0-9]*7[^0-9]' }\n"
        : "    pipeline_stages:\n      - drop: { expression: '/[0-9]*7$' }\n";
    await stack.change("promtail.yaml", dropsSevens(stage));
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(1);
    expect(document!.verdict).toBe("broken");
    expectEndingInSevenLost(document!);
  });

  it.runIf(name === "stdout-files")("reads what a docker stage leaves of the engine's JSON", async () => {
    const stack = await stackOf(name);
    await stack.change("promtail.yaml", (text) => `${text}      - docker: {}\n`);
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(0);
    expectAllDelivered(document!.counts, 400);
    expect(document!.counts).toMatchObject({ corrupted: 0, truncated: 0, unexpected: 0 });
  });

  it("stores no line of another container in the Loki of the run", async () => {
    const stack = await stackOf(name);
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines, "--keep");
    try {
      expect(exitCode, stderr).toBe(0);
      const streams = await streamsOf(document!.runId);
      expect(streams.length).toBeGreaterThan(0);
      for (const { values } of streams)
        for (const [, line] of values) expect(line).toContain(`${document!.plan.seed}/app-`);
      expect(new Set(streams.map(({ stream }) => stream.filename ?? stream.container)).size).toBe(2);
    } finally {
      await removeProject(docker, projectName(document!.runId));
    }
  });
});

interface Stream {
  stream: Record<string, string>;
  values: [string, string][];
}

/** Everything that the Loki of a run has. */
async function streamsOf(runId: string): Promise<Stream[]> {
  const label = [`com.docker.compose.project=${projectName(runId)}`, "com.docker.compose.service=loki"];
  const [loki] = await docker.listContainers({ filters: { label } });
  const { PublicPort: port } = loki!.Ports.find(({ PrivatePort }) => PrivatePort === 3_100)!;
  const url = new URL(`http://127.0.0.1:${port}/loki/api/v1/query_range`);
  url.search = `${new URLSearchParams({ query: '{job=~".+"}', limit: "5000", since: "1h" })}`;
  const answer = (await (await fetch(url)).json()) as { data: { result: Stream[] } };
  return answer.data.result;
}

describe("the stack of a run", () => {
  it("has a stand-in for the engine, also where its shipper reads files beside it", async () => {
    const stack = await stackOf("files-to-loki", {
      "compose.yaml": (text) =>
        text.replace(":/var/log/shop:ro", '$&", "/var/run/docker.sock:/var/run/docker.sock'),
      "promtail.yaml": (text) =>
        `${text}  - job_name: all\n    docker_sd_configs: [{ host: "unix:///var/run/docker.sock", refresh_interval: 5s }]\n` +
        "    relabel_configs: [{ target_label: job, replacement: shop }]\n",
    });
    const { exitCode, stderr, document, report } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(0);
    expectAllDelivered(document!.counts, 400);
    expect(await storedIn(report)).not.toContain("somebody else");
    expect((document!.notes ?? []).map(describeMountNote)).toContain(
      "promtail has a stand-in for the socket of the engine, which shows only what writes the lines of the run",
    );
  });
});

describe("what cannot be run", () => {
  it("is refused before anything starts", async () => {
    const stack = await stackOf("stdout-api");
    const attached = await stack.run("sink-restart", "--project", "shop");
    expect(attached).toMatchObject({ exitCode: 64, stderr: expect.stringContaining("Omit --project") });
    const rotated = await stack.run("app-rotation");
    expect(rotated).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining("the shipper asks the engine"),
    });
    const blind = await stackOf("stdout-files", {
      "compose.yaml": (text) =>
        text.replace(', "/var/lib/docker/containers:/var/lib/docker/containers:ro"', ""),
    });
    expect(await blind.run("sink-restart")).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining(
        "it mounts neither /var/lib/docker/containers nor /var/run/docker.sock",
      ),
    });
    expect(await stack.runs()).toEqual([]);
  });
});
