import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runDocumentSchema } from "../src/judge/run-document.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { removeProject } from "../src/places/compose/project.ts";
import { root, run } from "./support/command.ts";
import { type OwnStack, useOwnStacks } from "./support/own-stack.ts";
import { evidenceOf, reasonsOf } from "./support/told.ts";

const docker = await connectEngine();
// A name that `everyline clean` does not recognise as a run's.
const project = `instances-test-${process.pid}`;
const stackOf = useOwnStacks(afterAll);

afterAll(async () => {
  await removeProject(docker, project);
});

const config = "everyline.config.yaml";
const soon = (text: string) => `${text}quietSeconds: 3\n`;

/** Which processes a fault says that it ended by SIGKILL, sorted. */
function killedIn(evidence: string): string[] {
  return [...evidence.matchAll(/([\w-]+): pid \d+ ended with exit code 137 \(SIGKILL\)/g)]
    .map(([, name]) => name!)
    .sort();
}

describe("a part with several containers", () => {
  it.each(["replicas", "three-lokis"])(
    "loses what its shipper gives up while all three Lokis are down: %s",
    async (name) => {
      const stack = await stackOf(name);
      const { exitCode, stdout, stderr, document, report } = await stack.run("sink-crash", "--lines", "600");
      expect(exitCode, stdout + stderr).toBe(1);
      expect(document).toMatchObject({ verdict: "broken" });
      expect(document!.counts.lost).toBeGreaterThan(0);
      const [fault] = document!.faults;
      expect(fault!.effective).toBe(true);
      expect(killedIn(evidenceOf(fault))).toEqual(["loki-1", "loki-2", "loki-3"]);
      const logs = await readdir(join(report, "containers"));
      expect(logs).toEqual(
        expect.arrayContaining(["loki-1.log", "loki-2.log", "loki-3.log", "promtail.log"]),
      );
    },
  );

  it("counts each line that both of two shippers deliver as a duplicate, and kills both", async () => {
    const stack = await stackOf("files-to-loki", {
      [config]: soon,
      "compose.yaml": (text) => text.replace("  promtail:\n", "  promtail:\n    scale: 2\n"),
    });
    const args = ["promtail-crash/under-load", "--lines", "200", "--rate", "50"];
    const { stdout, stderr, document } = await stack.run(...args);
    expect(document, stdout + stderr).toBeDefined();
    expect(document!.counts).toMatchObject({ delivered: 200, lost: 0 });
    expect(document!.counts.duplicated).toBeGreaterThanOrEqual(200);
    expect(killedIn(evidenceOf(document!.faults[0]))).toEqual(["promtail-1", "promtail-2"]);
  });

  it("is refused by name where nothing of it would run, or the fault needs one container", async () => {
    const none = await stackOf("files-to-loki", {
      "compose.yaml": (text) => text.replace("  loki:\n", "  loki:\n    deploy: { replicas: 0 }\n"),
    });
    const refused = await none.run("sink-restart");
    expect(refused.exitCode).toBe(64);
    expect(refused.stderr).toContain("names the service loki, which has 0 replicas in its Compose file");
    const unnamed = await stackOf("three-lokis", {
      [config]: (text) =>
        text.replace("http://entry:8080", "http://loki-1:3100").replace(/services: .*?\], /, ""),
      "compose.yaml": (text) => text.replace("[entry]", "[loki-1, loki-2, loki-3]"),
    });
    const partly = await unnamed.run("sink-crash");
    expect(partly.exitCode).toBe(64);
    expect(partly.stderr).toContain(
      "the service loki-2 runs what loki-1 runs and is not among Loki's services",
    );
    for (const stack of [none, unnamed]) expect(await stack.runs()).toEqual([]);
  });
});

describe("a stack that is already up, and is changed by others during the run", () => {
  let stack: OwnStack;

  beforeAll(async () => {
    stack = await stackOf("files-to-loki", {
      [config]: soon,
      "compose.yaml": (text) =>
        text
          .replaceAll("grafana/", "everyline/")
          .replace("  loki:\n", '  loki:\n    ports: ["127.0.0.1::3100"]\n'),
    });
    await compose("up", "-d", "--scale", "promtail=2");
  }, 120_000);

  async function compose(...args: string[]): Promise<void> {
    const outcome = await run("docker", ["compose", "-p", project, ...args], { cwd: stack.folder });
    expect(outcome.exitCode, outcome.stderr).toBe(0);
  }

  async function stateOf(container: string): Promise<string> {
    return (await docker.getContainer(container).inspect()).State.Status;
  }

  it("has faults on the containers that serve alone: neither on those of `docker compose run` nor on ended ones", async () => {
    await compose("run", "loki", "-version");
    await docker.getContainer(`${project}-promtail-2`).stop();
    const { exitCode, stdout, stderr, document } = await stack.run(
      ...["promtail-crash/under-load", "--lines", "200", "--project", project],
    );
    expect(exitCode, stdout + stderr).toBe(0);
    expect(document).toMatchObject({ verdict: "holds", counts: { delivered: 200, lost: 0 } });
    expect(killedIn(evidenceOf(document!.faults[0]))).toEqual(["promtail"]);
    expect(await stateOf(`${project}-promtail-2`)).toBe("exited");
  });

  it("is unknown where another container of the service was started while the fault held", async () => {
    const args = ["run", "sink-outage/below-horizon", "--lines", "200", "--rate", "25", "--project", project];
    const child = spawn(join(root, "bin/everyline"), [...args, "--json"], {
      cwd: stack.folder,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    const ended = once(child, "exit");
    while ((await stateOf(`${project}-loki-1`)) === "running" && child.exitCode === null)
      await setTimeout(50);
    const twin = await docker.createContainer({
      name: `${project}-loki-2`,
      Image: "everyline/loki:3.6.4",
      Cmd: ["-config.file=/etc/loki/shop.yaml"],
      Labels: {
        "com.docker.compose.project": project,
        "com.docker.compose.service": "loki",
        "com.docker.compose.container-number": "2",
        "com.docker.compose.oneoff": "False",
      },
      HostConfig: {
        Binds: [`${stack.folder}/loki.yaml:/etc/loki/shop.yaml:ro`],
        NetworkMode: `${project}_default`,
      },
    });
    await twin.start();
    const [exitCode] = await ended;
    expect(exitCode, stdout).toBe(2);
    const reasons = reasonsOf(runDocumentSchema.parse(JSON.parse(stdout))).join(" ");
    expect(reasons).toContain("The fault stop sink did not take effect");
    expect(reasons).toContain(
      `the container ${project}-loki-2 of loki runs, which did not when the run began`,
    );
  });
});
