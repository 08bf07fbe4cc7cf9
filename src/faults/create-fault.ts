import { servicesOf } from "../stack/pipeline.ts";
import { AwaitWal } from "./await-wal.ts";
import { CrashApp } from "./crash-app.ts";
import { Disconnect } from "./disconnect.ts";
import { Down, type DownMethod } from "./down.ts";
import type { Fault, FaultSpec, FaultWorld } from "./fault.ts";
import { Join } from "./join.ts";
import { KillLeader } from "./kill-leader.ts";
import { Restart } from "./restart.ts";
import { Rotate } from "./rotate.ts";
import { Slow } from "./slow.ts";
import { TearWal } from "./tear-wal.ts";

/** A site is lost in one moment; containers of a part need not be. */
function methodOf({ kind, target }: { kind: "kill" | "stop"; target: string }): DownMethod {
  return kind === "kill" && target === "site-a" ? "kill-at-once" : kind;
}

/**
 * The fault that a scenario names.
 *
 * @throws UsageError if the pipeline has not what it would break
 */
export function createFault(spec: FaultSpec, world: FaultWorld): Fault {
  const { stack } = world;
  switch (spec.kind) {
    case "restart":
      return new Restart(stack, servicesOf(stack.pipeline, spec.target));
    case "kill":
    case "stop":
      if (spec.target === "app") return new CrashApp(world);
      return spec.target === "kafka-leader"
        ? new KillLeader(world)
        : new Down(stack, servicesOf(stack.pipeline, spec.target), methodOf(spec));
    case "tear-wal":
      return new TearWal(world, spec.target, spec);
    case "await-wal":
      return new AwaitWal(world, spec.target, spec);
    case "disconnect":
      return new Disconnect(world, spec.target);
    case "slow":
      return new Slow(world, spec.target, spec);
    case "join":
      return new Join(world, spec.target);
    case "rotate":
      return new Rotate(world, spec.method);
  }
}
