import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { expect } from "vitest";
import { randomSeed } from "../../src/load/seed.ts";
import type { Pipeline } from "../../src/pipeline/pipeline.ts";
import { connectEngine } from "../../src/places/compose/engine.ts";
import { projectName } from "../../src/places/compose/project.ts";
import { casesOf, loadScenarios, type ScheduledFault } from "../../src/plan/scenario.ts";
import type { JournalEvent } from "../../src/store/journal.ts";
import { runClaim } from "./run-claim.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const docker = await connectEngine();
const probeMs = 10;
const probes = 3_000;

/** Does something to a stack at an event of the run, as an operator or a supervisor might. */
export interface Interference {
  at: string;
  /** Of which fault the event is, as `KIND TARGET`; an event of no fault if absent. */
  of?: string;
  /** How often it has come before, of this fault; each time if absent. */
  nth?: number;
  act: (stack: Interfered) => Promise<unknown>;
}

/** Takes the place of what is no longer there. */
function missing(thrown: { statusCode?: number }): undefined {
  if (thrown.statusCode !== 404) throw thrown;
}

/** A stack, seen from outside. */
export class Interfered {
  readonly runId: string;

  constructor(runId: string) {
    this.runId = runId;
  }

  network(name: string): Docker.Network {
    return docker.getNetwork(`${projectName(this.runId)}_${name}`);
  }

  /** Posts to the server of a service. */
  async ask(service: string, path: string, body: object): Promise<void> {
    const { NetworkSettings: settings } = await (await this.container(service)).inspect();
    const [published] = Object.values(settings.Ports).flatMap((ports) => ports ?? []);
    const answer = await fetch(`http://127.0.0.1:${published!.HostPort}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
  }

  /** Kills the container of a service as soon as one runs. One of before, which has ended, may still be there for a moment. */
  async killAtOnce(service: string): Promise<void> {
    for (let probe = 0; probe < probes; probe++) {
      const container = await this.container(service);
      const state = await container.inspect().catch(missing);
      if (state?.State.Running) return container.kill();
      await setTimeout(probeMs);
    }
    throw new Error(`${service} never ran`);
  }

  /** The container of a service, as soon as there is one. */
  async container(service: string): Promise<Docker.Container> {
    const label = [
      `com.docker.compose.project=${projectName(this.runId)}`,
      `com.docker.compose.service=${service}`,
    ];
    for (let probe = 0; probe < probes; probe++) {
      const [found] = await docker.listContainers({ all: true, filters: { label } });
      if (found !== undefined) return docker.getContainer(found.Id);
      await setTimeout(probeMs);
    }
    throw new Error(`${service} never came`);
  }
}

/** A copy of a pipeline, of which one file is changed and something may be added to the description. */
export async function changed(
  reportsFolder: string,
  pipeline: Pipeline,
  file: string,
  change: (text: string) => string,
  description: Partial<Pipeline> = {},
): Promise<Pipeline> {
  const folder = join(reportsFolder, `pipeline-${randomSeed()}`);
  await cp(pipeline.folder, folder, { recursive: true });
  const path = join(folder, file);
  const before = await readFile(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(path, after);
  return { ...pipeline, ...description, folder };
}

/** Runs with these faults instead of the scenario's. */
export async function runWith(
  reportsFolder: string,
  id: string,
  faults: ScheduledFault[],
  interference: Interference[] = [],
  changes: Parameters<typeof runClaim>[3] = {},
) {
  const runId = `test-${randomSeed()}`;
  const stack = new Interfered(runId);
  const acts: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const seen = new Map<string, number>();
  const onEvent = ({ event, kind, target }: JournalEvent) => {
    const fault = `${kind} ${target}`;
    const nth = seen.get(`${event} ${fault}`) ?? 0;
    seen.set(`${event} ${fault}`, nth + 1);
    for (const { at, of = fault, nth: which = nth, act } of interference)
      if (at === event && of === fault && which === nth)
        acts.push(act(stack).catch((thrown: unknown) => failures.push(thrown)));
  };
  const { scenario } = scenarios.find(({ name }) => name === id.slice(id.indexOf("/") + 1))!;
  const run = await runClaim(
    id,
    scenarios,
    reportsFolder,
    {
      runId,
      scenario: { name: scenario.name, scenario, summary: "", faults },
      load: { lines: 200, linesPerSecond: 100, sources: 2 },
      ...changes,
    },
    { onEvent },
  );
  await Promise.all(acts);
  expect(failures).toEqual([]);
  return run;
}
