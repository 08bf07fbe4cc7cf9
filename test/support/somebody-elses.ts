import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, beforeAll } from "vitest";

const text = "a secret of somebody else";

/** Runs a container of somebody else's beside the tests of a file, which writes to stdout and which every filter of the stacks would let through. */
export function useSomebodyElses(docker: Docker): void {
  let container: Docker.Container | undefined;
  beforeAll(async () => {
    container = await docker.createContainer({
      Image: "everyline/node:24.21.0",
      Cmd: ["node", "-e", `setInterval(() => console.log("${text}"), 20)`],
      Labels: { logging: "promtail", team: "shop", "com.docker.compose.service": "web" },
      HostConfig: {
        LogConfig: {
          Type: "json-file",
          Config: { labels: "team,com.docker.compose.service", tag: "shop-web-1" },
        },
      },
    });
    await container.start();
  });
  afterAll(async () => container?.remove({ force: true }));
}

/** Whether anything of that container is in what a run has stored. */
export async function holdsSomebodyElses(report: string): Promise<boolean> {
  const names = ["observed-before-flush.jsonl", "observed-after-flush.jsonl", "run.json", "journal.ndjson"];
  const texts = await Promise.all(names.map((name) => readFile(join(report, name), "utf8")));
  return texts.some((stored) => stored.includes("somebody else"));
}
