import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { removeProject } from "../src/places/compose/project.ts";
import { describeMountNote } from "../src/places/mount-note.ts";
import { expectEndingInSevenLost, expectWritten } from "./support/all-delivered.ts";
import { root, run } from "./support/command.ts";
import { needImages } from "./support/need-images.ts";
import { useOwnStacks } from "./support/own-stack.ts";
import { reasonsOf } from "./support/told.ts";

await needImages("node");

const everyline = join(root, "bin/everyline");
const stackOf = useOwnStacks(afterAll);
const docker = await connectEngine();
/** Few, and slowly, so that they last longer than a restart does on a busy machine. */
const lines = ["--lines", "300", "--rate", "40"];
const settingsVolume = "everyline-writable-mounts_loki-settings";
const takenNetwork = `everyline-test-subnet-${process.pid}`;
const attached = `shop-unlogged-${process.pid}`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterAll(async () => {
  await removeProject(docker, attached);
  const { Volumes: volumes } = await docker.listVolumes({ filters: { name: [settingsVolume] } });
  for (const { Name } of volumes) await docker.getVolume(Name).remove({ force: true });
  for (const { Id } of await docker.listNetworks({ filters: { name: [takenNetwork] } }))
    await docker.getNetwork(Id).remove();
  await rm(folder, { recursive: true });
});

/** Puts a file into a volume of the user's. */
async function fillVolume(volume: string, name: string, content: string): Promise<void> {
  await docker.createVolume({ Name: volume });
  const Mounts = [{ Type: "volume" as const, Source: volume, Target: "/into" }];
  const helper = await docker.createContainer({
    Image: "everyline/node:24.21.0",
    HostConfig: { Mounts, NetworkMode: "none" },
  });
  try {
    const archive = pack();
    archive.entry({ name }, content);
    archive.finalize();
    await helper.putArchive(archive, { path: "/into" });
  } finally {
    await helper.remove();
  }
}

describe("a stack with settings and state that its containers may write into", () => {
  let collector: Socket;
  let collected = 0;

  beforeAll(async () => {
    collector = createSocket("udp4", () => collected++);
    collector.bind(0, "127.0.0.1");
    await once(collector, "listening");
  });

  afterAll(() => collector?.close());

  it("is started with every file as the user has it, and is not changed", async () => {
    const stack = await stackOf("writable-mounts");
    const cwd = stack.folder;
    await fillVolume(settingsVolume, "store.yaml", await readFile(join(cwd, "store.yaml"), "utf8"));
    // What the user's Loki has written, on which another Loki would fail.
    await mkdir(join(cwd, "loki-data/wal"), { recursive: true });
    await writeFile(join(cwd, "loki-data/wal/00000000"), "no segment");
    const IPAM = { Driver: "default", Config: [{ Subnet: "198.19.255.0/24" }] };
    await docker.createNetwork({ Name: takenNetwork, IPAM });
    const env = { ...process.env, GELF_PORT: `${collector.address().port}` };
    // From elsewhere, since ${PWD} in a Compose file stands for the folder that Compose is run in.
    const args = ["run", "sink-restart", ...lines, "--out", join(cwd, "reports"), "--config"];
    const config = join(cwd, "everyline.config.yaml");
    const dry = await run(everyline, [...args, config, "--dry-run"], { cwd: folder, env });
    expect(dry.exitCode, dry.stderr).toBe(0);
    const { exitCode, stderr } = await run(everyline, [...args, config], { cwd: folder, env });
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toContain("compose.override.yaml is used with");

    const { report, document: left } = await stack.lastRun();
    const document = left!;
    expect(await stack.runs()).toEqual([document.runId]);
    expect(document.verdict).toBe("broken");
    // The user's own configuration drops them.
    expectEndingInSevenLost(document);
    for (const file of ["state/journal", "spool/seen"])
      expect(await readFile(join(cwd, file), "utf8")).toBe("the user's own\n");
    expect(await readdir(join(cwd, "loki-data"), { recursive: true })).toEqual(["wal", "wal/00000000"]);
    expect((document.notes ?? []).map(describeMountNote)).toContain(
      `loki /loki: empty, without what ${join(cwd, "loki-data")} holds`,
    );
    expect(collected).toBe(0);
    const journal = await readFile(join(report, "journal.ndjson"), "utf8");
    expect(journal).toContain('"differences":[],"written":["app /state/journal","app /spool/seen"]');
    expect(await readFile(join(report, "containers/loki.log"), "utf8")).toContain("level=info");
    // No copy of the user's volumes is left.
    expect(await readdir(report)).not.toContain("copies");
    const { Volumes: volumes } = await docker.listVolumes();
    expect(volumes.filter(({ Name }) => Name.includes(document.runId))).toEqual([]);
  });
});

describe("a Loki without a write-ahead log", () => {
  it.each([
    ["where anybody may write into its settings", ""],
    ["where nobody may", ":ro"],
  ])("loses lines when it is killed, %s", async (_, mode) => {
    const changes = {
      "compose.yaml": (text: string) => text.replace("./store:/etc/loki", `./store:/etc/loki${mode}`),
    };
    const stack = await stackOf("unlogged-loki", mode === "" ? {} : changes);
    const { exitCode, stderr, document } = await stack.run("sink-crash", "--lines", "600");
    expect(exitCode, stderr).toBe(1);
    const { counts } = document!;
    expect(counts.lost).toBeGreaterThan(0);
    expectWritten(counts, 600);
    expect(counts).toMatchObject({ corrupted: 0, unexpected: 0 });
  });
});

describe("a stack with a container that writes its settings anew", () => {
  it("is unknown, since what ran is not what the user has, and names the file", async () => {
    const stack = await stackOf("rewritten-config");
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(2);
    expect(reasonsOf(document!)[0]).toMatch(
      /container of tuner has another \/conf\/rates.yaml than the user/,
    );
    expect(document!.faults).toEqual([]);
    expect(await readFile(stack.path("conf/rates.yaml"), "utf8")).toBe("rate: 1\n");
  });

  it("comes to a verdict where it is up already and its logs cannot be read", async () => {
    const stack = await stackOf("rewritten-config", {
      "compose.yaml": (text) => text.replaceAll(/grafana\/(\w+):3.6.4/g, "everyline/$1:3.6.4"),
    });
    const up = await run("docker", ["compose", "-p", attached, "up", "-d"], { cwd: stack.folder });
    expect(up.exitCode, up.stderr).toBe(0);
    const args = ["sink-restart", ...lines, "--project", attached];
    const { exitCode, stderr, document, report } = await stack.run(...args);
    expect(exitCode, stderr).toBe(0);
    expect(document).toMatchObject({ verdict: "holds", counts: { delivered: 300 } });
    expect(await readFile(join(report, "containers/loki.log"), "utf8")).toMatch(
      /cannot be read: its logging driver is none/,
    );
  });
});

describe("a stack about which no run could give a true verdict", () => {
  const cases: [string, string, RegExp][] = [
    ["./big:/etc/promtail", "", /big, which promtail mounts at \/etc\/promtail .*too large/],
    ["./ship:/etc/promtail", "network_mode: host", /promtail uses the network of the host/],
    ["./one:/etc/promtail:ro", "", /by its configuration it reads \/var\/log\/shop\/app.log/],
  ];

  it.each(cases)("is refused before anything starts, and by a dry run: %s %s", async (mount, extra, why) => {
    const cwd = await mkdtemp(join(folder, "refused-"));
    const job = "static_configs: [{ labels: { job: a, __path__: /var/log/shop/app.log } }]";
    await mkdir(join(cwd, "big"));
    await writeFile(join(cwd, "big/blob"), Buffer.alloc(64_000_001));
    await mkdir(join(cwd, "one"));
    await writeFile(join(cwd, "one/config.yml"), `scrape_configs: [{ job_name: a, ${job} }]\n`);
    await writeFile(
      join(cwd, "compose.yaml"),
      `services:
  loki: { image: "grafana/loki:3.6.4" }
  promtail:
    image: grafana/promtail:3.6.4
    volumes: ["${mount}", "./logs:/var/log/shop"]
    ${extra}
`,
    );
    const config = await readFile(
      join(root, "fixtures/stacks/writable-mounts/everyline.config.yaml"),
      "utf8",
    );
    await writeFile(join(cwd, "everyline.config.yaml"), config);
    for (const more of [[], ["--dry-run"]]) {
      const { exitCode, stderr } = await run(everyline, ["run", "sink-restart", ...more], { cwd });
      expect(exitCode, stderr).toBe(64);
      expect(stderr.replaceAll("\n", " ")).toMatch(why);
    }
    expect(await readdir(cwd)).not.toContain("reports");
  });
});
