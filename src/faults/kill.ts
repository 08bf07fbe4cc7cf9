import { z } from "zod";
import { loadAbilities } from "../load/load-abilities.ts";
import { type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import { Down, describeDown, downEvidence } from "./down.ts";
import { onEveryInstance } from "./every-instance.ts";
import { describeKillApp, KillApp, killAppEvidence } from "./kill-app.ts";
import { describeKillLeader, KillLeader, killLeaderEvidence } from "./kill-leader.ts";
import type { FaultKind } from "./kind.ts";
import { includesReader, missingTarget, partsEndedWith, partsLostWith } from "./targets.ts";

/** The application that writes the lines. No line is written while it is down, so it is started again at once. */
const app = "app";
/** The broker that leads most of the topic when the fault is injected. */
const leader = "kafka-leader";
/** A site is lost at one moment. The containers of a part need not be killed at the same moment. */
const site = "site-a";

const schema = z.strictObject({ kind: z.literal("kill"), target: z.string() });

const evidence = z.union([downEvidence, killAppEvidence, killLeaderEvidence]);

type KillEvidence = z.infer<typeof evidence>;

function servicesKilled(pipeline: Pipeline, target: string): string[] {
  if (target === app) return [];
  return servicesOf(pipeline, target === leader ? "kafka" : target);
}

export const kill = {
  summary: "SIGKILL; started again when it heals.",
  schema,
  evidence,
  lasts: ({ target }) => target !== app,
  touches: ({ target }, pipeline) => (target === app ? [app] : servicesKilled(pipeline, target)),
  /** If one broker is killed, the others take over. */
  breaks: ({ target }, pipeline) =>
    target === leader ? [] : partsLostWith(pipeline, servicesKilled(pipeline, target)),
  ends: ({ target }, pipeline) => partsEndedWith(pipeline, servicesKilled(pipeline, target), "kill"),
  pausesReading: ({ target }, pipeline) => includesReader(pipeline, servicesKilled(pipeline, target)),
  unsupportedReason({ target }, pipeline) {
    if (target === app) return undefined;
    if (target !== leader) return missingTarget(pipeline, target);
    return pipeline.kafka && pipeline.gateway ? undefined : "needs a Kafka and a gateway in front of it";
  },
  unsupportedLoad: ({ target }, by) =>
    target === app && !loadAbilities[by].canCrash
      ? `is about an application that crashes, and the ${by} is none; leave --load away, or pass --load nestjs`
      : undefined,
  simpler: () => [],
  expected({ target }, pipeline) {
    if (target === app) return KillApp.expected;
    const services = servicesKilled(pipeline, target);
    if (target === leader) return KillLeader.expected(services);
    return Down.expected(services, target === site ? "kill-at-once" : "kill");
  },
  create({ target }, context) {
    if (target === app) return new KillApp(context);
    const services = servicesKilled(context.stack.pipeline, target);
    const method = target === site ? "kill-at-once" : "kill";
    const fault =
      target === leader
        ? new KillLeader(context)
        : new Down(context, context.stack.instances(services), method);
    return onEveryInstance(context, services, fault);
  },
  clause: ({ name, times, held }) => `${name} was killed${times}${held === "" ? "" : ` and away${held}`}`,
  describe(found) {
    switch (found.code) {
      case "crashed":
      case "no-line-torn":
        return describeKillApp(found);
      case "push-in-flight":
      case "leaders-moved":
        return describeKillLeader(found);
      default:
        return describeDown(found);
    }
  },
} satisfies FaultKind<typeof schema, KillEvidence>;
