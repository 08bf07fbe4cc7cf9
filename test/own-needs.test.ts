import { randomInt } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { removeProject } from "../src/places/compose/project.ts";
import { describeMountNote } from "../src/places/mount-note.ts";
import { expectEndingInSevenLost } from "./support/all-delivered.ts";
import { run } from "./support/command.ts";
import { needImages } from "./support/need-images.ts";
import { useOwnStacks } from "./support/own-stack.ts";
import { reasonsOf } from "./support/told.ts";

await needImages("node");

const docker = await connectEngine();
const stackOf = useOwnStacks(afterAll);
const lines = ["--lines", "300", "--rate", "40"];
const takenNetwork = `everyline-test-needs-${process.pid}`;
const attached = `needs-test-${randomInt(1e6)}`;
const drop = "    pipeline_stages: [{ drop: { expression: 'Test log [0-9]*7 ' } }]\n";

afterAll(async () => {
  await removeProject(docker, attached);
  for (const { Id } of await docker.listNetworks({ filters: { name: [takenNetwork] } }))
    await docker.getNetwork(Id).remove();
});

/** Every image of the engine that is tagged. */
const tags = async () => (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []).sort();

describe("a stack that needs other services than depends_on says", () => {
  it("runs with them and without what no line needs, privately, and leaves nothing", async () => {
    // As if the user's own stack were up.
    const IPAM = { Driver: "default", Config: [{ Subnet: "198.19.254.0/24" }] };
    await docker.createNetwork({ Name: takenNetwork, IPAM });
    const before = await tags();
    const stack = await stackOf("unsaid-needs");
    const dry = await stack.run("sink-restart", "--dry-run");
    expect(dry.exitCode, dry.stderr).toBe(0);
    expect(dry.stderr).toMatch(/promtail, store, .*gate \(promtail names it as a host\)/);
    expect(dry.stderr).toMatch(/optional +image of app .*\n.*a run leaves app out/);
    expect(await readdir(stack.folder)).not.toContain("reports");

    const { exitCode, stderr, document, report } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(0);
    expect(document).toMatchObject({ verdict: "holds", counts: { delivered: 300 } });
    const notes = (document!.notes ?? []).map(describeMountNote);
    expect(notes).toContain("gate runs as well: promtail names it as a host (its configuration)");
    expect(notes).toContainEqual(expect.stringMatching(/^app does not run: its image example.invalid/));
    expect(notes).toContain(
      "the network front is the run's own, not the external everyline-test-nobody-has-it",
    );
    expect(notes).toContainEqual(expect.stringMatching(/^the volume store-data is the run's own/));
    expect(notes).toContainEqual(expect.stringMatching(/^the network logs has the subnet 198.1/));
    expect(await readdir(join(report, "containers"))).toEqual(["gate.log", "promtail.log", "store.log"]);
    // Nothing that was built for the run, and no file of the user's that nobody named.
    expect(await tags()).toEqual(before);
    expect((await readdir(join(report, "pipeline"))).sort()).toEqual([
      "compose.yaml",
      "everyline.config.yaml",
      "everyline.override.yaml",
    ]);
  });

  it("is broken where its own configuration drops lines, with the number of them", async () => {
    const stack = await stackOf("unsaid-needs", { "ship.yaml": (text) => text + drop });
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(1);
    expectEndingInSevenLost(document!);
  });

  it("tells after seconds that a part starts and ends again and again, with its last words", async () => {
    const stack = await stackOf("unsaid-needs", {
      "store.yaml": (text) => `${text}no_such_key: 1\n`,
      "compose.yaml": (text) => text.replace("  store:\n", "  store:\n    restart: always\n"),
      "everyline.config.yaml": (text) => `${text}without: [app]\n`,
    });
    const startedAtMs = Date.now();
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(2);
    expect(Date.now() - startedAtMs).toBeLessThan(50_000);
    const [reason] = reasonsOf(document!);
    expect(reason).toMatch(/^The store container starts and ends again and again: \d+ times within \d+ s/);
    expect(reason).toContain("no_such_key");
  });
});

describe("a stack whose sink cannot be asked", () => {
  it("is unknown, and told that its memory was used up", async () => {
    const stack = await stackOf("files-to-loki", {
      "compose.yaml": (text) => text.replace("  loki:\n", "  loki:\n    mem_limit: 12m\n"),
    });
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(2);
    expect(reasonsOf(document!)[0]).toMatch(
      /^The loki container ended by itself with exit code 137, killed because its memory was used up/,
    );
  });

  it("is unknown, and told that nothing listens at its port, where only the container knows the port", async () => {
    const stack = await stackOf("files-to-loki", {
      "loki.yaml": (text) => text.replace("http_listen_port: 3100", `http_listen_port: \${LOKI_PORT}`),
      "compose.yaml": (text) =>
        text.replace(
          "    command: -config.file=/etc/loki/shop.yaml\n",
          "    command: -config.file=/etc/loki/shop.yaml -config.expand-env=true\n    environment: { LOKI_PORT: 3101 }\n",
        ),
    });
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(2);
    expect(reasonsOf(document!)[0]).toMatch(/Nothing listens at port 3100 of loki, only at 3101, 9095/);
  });
});

describe("a stack that does not start", () => {
  it("is told with the last lines of the container because of which it does not", async () => {
    const stack = await stackOf("files-to-loki", {
      "compose.yaml": (text) =>
        `${text.replace("  loki:\n", "  loki:\n    depends_on: { setup: { condition: service_completed_successfully } }\n")}` +
        `  setup: { image: "everyline/node:24.21.0", command: [node, -e, "console.error('no bucket'); process.exit(3)"] }\n`,
    });
    const { exitCode, stderr } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(69);
    expect(stderr).toMatch(/The last lines of setup \(Exited \(3\) .*\) were:\nno bucket/);
  });
});

describe("a stack with variables of its own, and a tenant", () => {
  it("runs with the env file and the profile that docker compose would be given, and hides its secrets", async () => {
    const secret = "s3cr3t-of-the-env-file";
    const stack = await stackOf("files-to-loki", {
      "compose.yaml": (text) =>
        text
          .replace("  loki:\n", "  loki:\n    profiles: [logs]\n")
          .replace(
            "  promtail:\n",
            `  promtail:\n    environment: ["PUSH_AUTH=\${PUSH_PASSWORD:?is needed}"]\n`,
          ),
    });
    await writeFile(stack.path("prod.env"), `PUSH_PASSWORD=${secret}\n`);
    const without = await stack.run("sink-restart", "--dry-run");
    expect(without.exitCode).toBe(64);
    expect(without.stderr).toContain("is needed");
    const options = ["--env-file", "prod.env", "--profile", "logs"];
    const { exitCode, stderr, report } = await stack.run("sink-restart", ...lines, ...options);
    expect(exitCode, stderr).toBe(0);
    const stored = await readdir(report, { recursive: true, withFileTypes: true });
    for (const entry of stored.filter((each) => each.isFile()))
      expect(await readFile(join(entry.parentPath, entry.name), "utf8"), entry.name).not.toContain(secret);
  });
});

describe("a stack that is up", () => {
  it("is refused before anything is written into it where its sink is not published", async () => {
    const stack = await stackOf("files-to-loki", {
      "compose.yaml": (text) =>
        text.replaceAll(/grafana\/(\w+):/g, "everyline/$1:").replace(/ {4}ports:.*\n/, ""),
    });
    const up = await run("docker", ["compose", "-p", attached, "up", "-d"], { cwd: stack.folder });
    expect(up.exitCode, up.stderr).toBe(0);
    const { exitCode, stderr } = await stack.run("sink-restart", "--project", attached);
    expect(exitCode, stderr).toBe(64);
    expect(stderr).toMatch(/port 3100 of loki is not published on this machine/);
    expect(await readdir(stack.path("app-logs"))).toEqual([]);
  });
});
