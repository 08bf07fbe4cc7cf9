import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { Fault } from "../../src/faults/fault.ts";
import { Holds } from "../../src/faults/holds.ts";
import { planFault } from "../../src/faults/plan-fault.ts";
import type { FaultSpec } from "../../src/faults/registry.ts";
import type { LoadWriter } from "../../src/load/load-writer.ts";
import { memoryPipeline } from "../../src/places/memory/memory-pipeline.ts";
import { MemoryPlace } from "../../src/places/memory/memory-place.ts";
import type { MemoryStack } from "../../src/places/memory/memory-stack.ts";
import { describeEvidence } from "../../src/report/words/describe-evidence.ts";

/** A fault whose findings are told in words. */
interface ToldFault {
  inject: Fault["inject"];
  heal: Fault["heal"];
  prove(): Promise<{ effective: boolean; evidence: string[] }>;
  proveHealed(): Promise<{ effective: boolean; evidence: string[] }>;
}

/** A pipeline in this process with the faults of one schedule. */
export interface MemoryFaults extends AsyncDisposable {
  stack: MemoryStack;
  fault(spec: FaultSpec): ToldFault;
  /** How often the sink was to be asked for nothing meanwhile. */
  pauses: number;
}

/** @param stores how many instances the sink has */
export async function memoryFaults(stores = 1): Promise<MemoryFaults> {
  const logsFolder = await mkdtemp(join(tmpdir(), "everyline-faults-"));
  const place = new MemoryPlace({ stores });
  const { signal } = new AbortController();
  const options = { runId: "faults", folder: logsFolder, logsFolder, onProgress: () => {}, signal };
  const stack = await place.start(memoryPipeline(), options);
  const holds = new Holds();
  let written = 0;
  // A line is written whenever somebody asks how many there are: a replacement counts only if some were.
  const writer = {
    get written() {
      return ++written;
    },
  } as LoadWriter;
  const faults: MemoryFaults = {
    stack,
    pauses: 0,
    fault(spec) {
      const withPollingPaused = <Result>(work: () => Promise<Result>) => {
        faults.pauses++;
        return work();
      };
      const context = { stack, writer, holds: holds.ofFault(), withPollingPaused, signal };
      const fault = planFault(spec, stack.pipeline).create(context);
      const told = ({ effective, evidence }: Awaited<ReturnType<Fault["prove"]>>) => ({
        effective,
        evidence: evidence.map((each) => describeEvidence(spec.kind, each)),
      });
      return {
        inject: () => fault.inject(),
        heal: () => fault.heal(),
        prove: async () => told(await fault.prove()),
        proveHealed: async () => told(await fault.proveHealed!()),
      };
    },
    async [Symbol.asyncDispose]() {
      await place.remove("faults");
      await rm(logsFolder, { recursive: true });
    },
  };
  return faults;
}

/** Has this process's clock go a hundred times as fast, for what only has to last. */
export function hastened(): Disposable {
  const [startedAtMs, startedAt] = [Date.now(), performance.now()];
  const clock = vi
    .spyOn(Date, "now")
    .mockImplementation(() => Math.round(startedAtMs + 100 * (performance.now() - startedAt)));
  return { [Symbol.dispose]: () => clock.mockRestore() };
}
