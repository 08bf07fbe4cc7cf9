import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { removeProject } from "../src/places/compose/project.ts";
import { expectEndingInSevenLost } from "./support/all-delivered.ts";
import { OwnStack } from "./support/own-stack.ts";

const docker = await connectEngine();
const project = `names-test-${process.pid}`;
const builtProject = `names-test-built-${process.pid}`;
const lokiTag = `everyline-test/logdb-${process.pid}`;
const shipperTag = `everyline-test/ship-${process.pid}`;
const agentTag = `everyline-test/agent-${process.pid}`;
const stacks: OwnStack[] = [];

afterAll(async () => {
  for (const name of [project, builtProject]) await removeProject(docker, name);
  for (const tag of [lokiTag, shipperTag, agentTag])
    await docker
      .getImage(tag)
      .remove({ force: true })
      .catch(() => {});
  await Promise.all(stacks.map((stack) => stack.remove()));
});

async function stackOf(...args: Parameters<typeof OwnStack.copyOf>): Promise<OwnStack> {
  const stack = await OwnStack.copyOf(...args);
  stacks.push(stack);
  return stack;
}

describe("a stack whose images tell nothing by their names", () => {
  it("is refused where a Loki that nobody names serves in it", async () => {
    await docker.getImage("everyline/loki:3.6.4").tag({ repo: lokiTag, tag: "latest" });
    const stack = await stackOf("files-to-loki", {
      "compose.yaml": (text) =>
        `${text.replace("  loki:\n", "  loki:\n    depends_on: [logdb]\n")}  logdb: { image: "${lokiTag}" }\n`,
    });
    const { exitCode, stderr } = await stack.run("sink-restart");
    expect(exitCode, stderr).toBe(64);
    expect(stderr).toContain("the service logdb runs Loki");
    expect(stderr).toContain("write loki.services: [loki, logdb]");
  });

  it("is refused where a shipper that nobody names reads the same log files, in a stack that is up", async () => {
    await docker.getImage("everyline/promtail:3.6.4").tag({ repo: agentTag, tag: "latest" });
    const stack = await stackOf("files-to-loki", {
      "compose.yaml": (text) => {
        const [shipper] = /promtail:\n( {4}.*\n)+/.exec(text)!;
        const agent = shipper.replace("promtail:", "agent:").replace(/image: .*/, `image: ${agentTag}`);
        return text
          .replace(/grafana\/(promtail|loki):/g, "everyline/$1:")
          .replace("services:\n", `services:\n  ${agent}`);
      },
    });
    const options = { cwd: stack.folder };
    await promisify(execFile)("docker", ["compose", "-p", project, "up", "-d"], options);
    const { exitCode, stderr } = await stack.run("promtail-crash/under-load", "--project", project);
    expect(exitCode, stderr).toBe(64);
    expect(stderr).toContain("the service agent");
    expect(stderr).toContain("runs what the shipper promtail runs and reads the same log files");
  });

  it("runs what the user has in a volume at the path that an image built here names itself", async () => {
    const drop = "    pipeline_stages: [{ drop: { expression: 'Test log [0-9]*7 ' } }]\n";
    const built = [
      `    image: ${shipperTag}`,
      "    build:",
      "      dockerfile_inline: |",
      "        FROM everyline/promtail:3.6.4",
      "        COPY promtail.yaml /cfg/promtail.yaml",
      '        CMD ["-config.file=/cfg/promtail.yaml"]',
      '    volumes: ["cfg:/cfg", "./app-logs:/var/log/shop:ro"]',
      "",
    ].join("\n");
    const stack = await stackOf("files-to-loki", {
      "compose.yaml": (text) =>
        `name: ${builtProject}\n${text.replace(/ {4}image: grafana\/promtail[\s\S]*?(?= {2}loki:)/, built)}volumes: { cfg: }\n`,
      "everyline.config.yaml": (text) => `${text}quietSeconds: 3\n`,
    });
    const asIs = await stack.run("sink-restart", "--lines", "300", "--rate", "40");
    expect(asIs.exitCode, asIs.stderr).toBe(0);
    // As the user has changed it in the volume; the image has another.
    await promisify(execFile)("docker", ["compose", "create", "promtail"], { cwd: stack.folder });
    await stack.change("promtail.yaml", (text) => text + drop);
    const to = `${builtProject}-promtail-1:/cfg/promtail.yaml`;
    await promisify(execFile)("docker", ["cp", join(stack.folder, "promtail.yaml"), to]);
    const { exitCode, stderr, document } = await stack.run("sink-restart", "--lines", "300", "--rate", "40");
    expect(exitCode, stderr).toBe(1);
    expectEndingInSevenLost(document!);
  });
});
