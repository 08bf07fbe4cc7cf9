import { endsOf, type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import { AwaitWal } from "./await-wal.ts";
import { CrashApp } from "./crash-app.ts";
import { Disconnect } from "./disconnect.ts";
import { Down, type DownMethod } from "./down.ts";
import { assertFewEnough, onEveryInstance } from "./every-instance.ts";
import type { Fault, FaultContext, FaultSpec } from "./fault.ts";
import { Flush } from "./flush.ts";
import { Join } from "./join.ts";
import { KillLeader } from "./kill-leader.ts";
import { Restart } from "./restart.ts";
import { Rotate } from "./rotate.ts";
import { Slow } from "./slow.ts";
import { planSwap, SwapImage } from "./swap-image.ts";
import { TearWal, writersOf } from "./tear-wal.ts";

/** A fault that a scenario names, on a pipeline that need not run yet. */
export interface PlannedFault {
  /** What evidence is asked of it, without which the verdict is `unknown`; for a report. */
  expected: string;
  create(world: FaultContext): Fault;
}

/** A site is lost in one moment; containers of a part need not be. */
function methodOf({ kind, target }: { kind: "kill" | "stop"; target: string }): DownMethod {
  return kind === "kill" && target === "site-a" ? "kill-at-once" : kind;
}

/** How a fault is made that is about all instances of some services. */
function everywhere(
  services: string[],
  create: (world: FaultContext, instances: string[]) => Fault,
): PlannedFault["create"] {
  return (world) => onEveryInstance(world.stack, services, create(world, world.stack.instancesOf(services)));
}

/**
 * The fault that a scenario names.
 *
 * @throws UsageError if the pipeline has not what it would break
 */
export function planFault(spec: FaultSpec, pipeline: Pipeline): PlannedFault {
  switch (spec.kind) {
    case "restart": {
      const services = servicesOf(pipeline, spec.target);
      return {
        expected: Restart.expected(services),
        create: everywhere(services, (world, instances) => new Restart(world, instances)),
      };
    }
    case "kill":
    case "stop": {
      if (spec.target === "app")
        return { expected: CrashApp.expected, create: (world) => new CrashApp(world) };
      if (spec.target === "kafka-leader") {
        const brokers = servicesOf(pipeline, "kafka");
        const create = everywhere(brokers, (world) => new KillLeader(world));
        return { expected: KillLeader.expected(brokers), create };
      }
      const services = servicesOf(pipeline, spec.target);
      const method = methodOf(spec);
      return {
        expected: Down.expected(services, method),
        create: everywhere(services, (world, instances) => new Down(world, instances, method)),
      };
    }
    case "tear-wal": {
      const writers = writersOf(pipeline, spec.target);
      assertFewEnough(pipeline, spec, writers);
      return {
        expected: TearWal.expected(writers, spec),
        create: everywhere(writers, (world) => new TearWal(world, writers, spec)),
      };
    }
    case "await-wal": {
      const writers = writersOf(pipeline, spec.target);
      return {
        expected: AwaitWal.expected(writers, spec),
        create: everywhere(writers, (world, instances) => new AwaitWal(world, instances, spec)),
      };
    }
    case "flush": {
      const writers = pipeline.loki.writers;
      const create = everywhere(writers, (world, instances) => new Flush(world, instances));
      return { expected: Flush.expected(writers), create };
    }
    case "disconnect": {
      const ends = endsOf(spec.target).flatMap((part) => servicesOf(pipeline, part));
      return {
        expected: Disconnect.expected(pipeline, spec.target),
        create: everywhere(ends, (world) => new Disconnect(world, spec.target)),
      };
    }
    case "slow":
      return {
        expected: Slow.expected(spec.target, spec),
        create: (world) => new Slow(world, spec.target, spec),
      };
    case "swap-image": {
      const swap = planSwap(pipeline, spec);
      assertFewEnough(pipeline, spec, swap.services);
      return { expected: SwapImage.expected(swap), create: (world) => new SwapImage(world, swap) };
    }
    case "join": {
      const [service] = servicesOf(pipeline, spec.target);
      assertFewEnough(pipeline, spec, [service!]);
      return { expected: Join.expected(service!), create: (world) => new Join(world, service!) };
    }
    case "rotate":
      return { expected: Rotate.expected(spec.method), create: (world) => new Rotate(world, spec.method) };
  }
}
