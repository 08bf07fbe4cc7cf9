import { afterAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName, removeProject } from "../src/places/compose/project.ts";
import { describeMountNote } from "../src/places/mount-note.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { useOwnStacks } from "./support/own-stack.ts";
import { holdsSomebodyElses, useSomebodyElses } from "./support/somebody-elses.ts";

await needImages("node", "stdout-generator");

const docker = await connectEngine();
const stackOf = useOwnStacks(afterAll);
const stacks = ["stdout-files", "stdout-api"];
const lines = ["--lines", "400", "--rate", "40"];

useSomebodyElses(docker);

describe.each(stacks)("a stack whose Promtail reads the stdout of containers: %s", (name) => {
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
    expect(await holdsSomebodyElses(report)).toBe(false);
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
