import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunDocument } from "../src/judge/run-document.ts";
import { randomSeed } from "../src/load/seed.ts";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { ComposePlace } from "../src/places/compose/compose-place.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectLabel, projectName } from "../src/places/compose/project.ts";
import { planOf, seeded } from "../src/plan/plan-of-run.ts";
import { run } from "../src/run/run.ts";
import type { RunContext } from "../src/run/run-request.ts";
import { upgradeRuns } from "../src/upgrades/upgrade-scenarios.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { type ChangedImage, changedImage } from "./support/changed-image.ts";
import { leftoversOf } from "./support/leftovers.ts";
import { useReportsFolder } from "./support/run-claim.ts";
import { evidenceOf, reasonsOf } from "./support/told.ts";

const reportsFolder = await useReportsFolder(afterAll);
const docker = await connectEngine();
const place = new ComposePlace(docker);
const base = "everyline/loki:3.6.4";
const load = { lines: 1_000, linesPerSecond: 100 };

async function upgradeTo(
  image: string,
  caseName: string,
  context: Partial<RunContext> = {},
  runId = `test-${randomSeed()}`,
): Promise<RunDocument> {
  const pipeline = await loadPipeline("direct");
  const { scenario, claim } = upgradeRuns(pipeline, "loki", image).find(
    ({ scenario }) => scenario.name === `upgrade/${caseName}`,
  )!;
  const plan = await planOf({ scenario, pipeline, claim, load, realTime: false, withFaults: true });
  const request = { runId, plan: seeded(plan, randomSeed()), pipeline, keep: false, reportsFolder };
  const signal = new AbortController().signal;
  return run(request, { place, signal, onEvent: () => {}, onStatus: () => {}, ...context });
}

async function shortId(image: string): Promise<string> {
  const { Id: id } = await docker.getImage(image).inspect();
  return id.replace("sha256:", "").slice(0, 12);
}

let otherImage: ChangedImage;
let refusingImage: ChangedImage;
let other: string;
let refusing: string;

beforeAll(async () => {
  otherImage = await changedImage(docker, base, "LABEL everyline.test=other");
  refusingImage = await changedImage(docker, base, 'ENTRYPOINT ["/usr/bin/loki", "-no-such-flag"]');
  other = otherImage.reference;
  refusing = refusingImage.reference;
});

afterAll(async () => {
  await otherImage[Symbol.asyncDispose]();
  await refusingImage[Symbol.asyncDispose]();
});

/** What is known of the swap; what comes before it is told apart. */
const swapOf = ({ faults }: RunDocument) => faults.find(({ kind }) => kind === "swap-image")!;

describe("an upgrade", () => {
  it("gives Loki another image and the old one back on the same volumes, and every line is there", async () => {
    const document = await upgradeTo(other, "after-crash");
    expect(reasonsOf(document)).toEqual([]);
    expect(document.verdict).toBe("holds");
    expectAllDelivered(document.counts, 1_000);
    const [before, after] = [`${base} (${await shortId(base)})`, `${other} (${await shortId(other)})`];
    const [flush] = document.faults;
    expect(flush).toMatchObject({ kind: "flush", effective: true });
    expect(evidenceOf(flush)).toMatch(/loki: [1-9]\d* chunks written to the store/);
    const fault = swapOf(document);
    expect(fault).toMatchObject({ kind: "swap-image", target: "sink", effective: true });
    expect(evidenceOf(fault)).toContain(
      `loki: ${before} became ${after}, it says that it is 3.6.4, away for `,
    );
    expect(evidenceOf(fault)).toContain(
      `loki: ${after} became ${before}, it says that it is 3.6.4, away for `,
    );
    // Killed with the lines in memory: the acknowledged lines were read back from the write-ahead log.
    const recovered = [...evidenceOf(fault).matchAll(/(\d+) entries recovered from its WAL, 0 corruptions/g)];
    expect(recovered).toHaveLength(2);
    for (const [, entries] of recovered) expect(Number(entries)).toBeGreaterThan(100);
    const ofLoki = document.images.filter(({ service }) => service === "loki");
    expect(ofLoki.map(({ reference }) => reference)).toEqual([base, other]);
    expect(await leftoversOf(document.runId)).toEqual([]);
  });

  it("is unknown where the new image ends at once; the old one is put back and no line is lost", async () => {
    const document = await upgradeTo(refusing, "in-place");
    expect(document.verdict).toBe("unknown");
    expectAllDelivered(document.counts, 1_000);
    const fault = swapOf(document);
    expect(fault.effective).toBe(false);
    expect(evidenceOf(fault)).toMatch(
      /did not come up in the place of .*: it ended by itself with exit code/,
    );
    expect(evidenceOf(fault)).toContain("flag provided but not defined: -no-such-flag");
    expect(evidenceOf(fault)).toContain(`became ${base} (${await shortId(base)}), it says that it is 3.6.4`);
    expect(await leftoversOf(document.runId)).toEqual([]);
  });

  it("leaves nothing where it is interrupted while a container is replaced", async () => {
    const runId = `test-${randomSeed()}`;
    const interruption = new AbortController();
    const ofLoki = [`${projectLabel}=${projectName(runId)}`, "com.docker.compose.service=loki"];
    const interrupt = async () => {
      for (let look = 0; look < 600; look++) {
        const running = await docker.listContainers({ filters: { label: ofLoki, status: ["running"] } });
        if (running.length === 0) break;
        await setTimeout(10);
      }
      interruption.abort(new Error("interrupted by the test"));
    };
    const attempt = upgradeTo(
      other,
      "after-crash",
      {
        signal: interruption.signal,
        onEvent: ({ event, kind }) => {
          if (event === "fault-injecting" && kind === "swap-image") void interrupt();
        },
      },
      runId,
    );
    await expect(attempt).rejects.toThrow("interrupted by the test");
    expect(await leftoversOf(runId)).toEqual([]);
  });
});
