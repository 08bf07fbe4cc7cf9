import { Disconnect } from "./disconnect.ts";
import { Down } from "./down.ts";
import type { Fault, FaultSpec, FaultWorld } from "./fault.ts";
import { Join } from "./join.ts";
import { Restart } from "./restart.ts";
import { Rotate } from "./rotate.ts";

/** The fault that a scenario names. */
export function createFault(spec: FaultSpec, world: FaultWorld): Fault {
  switch (spec.kind) {
    case "restart":
      return new Restart(world, spec.target);
    case "kill":
    case "stop":
      return new Down(world, spec.target, spec.kind);
    case "disconnect":
      return new Disconnect(world, spec.target);
    case "join":
      return new Join(world, spec.target);
    case "rotate":
      return new Rotate(world, spec.method);
  }
}
