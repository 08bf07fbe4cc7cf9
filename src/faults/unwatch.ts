import { z } from "zod";
import { pause } from "../base/abortable-pause.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { MonitoringInstances } from "../places/place.ts";
import { PrometheusApi } from "../products/prometheus/prometheus-api.ts";
import { withoutTargets } from "../products/prometheus/prometheus-targets.ts";
import { assertAble } from "./able.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { missingTarget } from "./targets.ts";

const probeMs = 200;
/** Prometheus takes up another configuration after 5 s at the latest, and then reads a target within its interval, which is 5 s at most. */
const takenUpMs = 30_000;

const schema = z.strictObject({ kind: z.literal("unwatch"), target: z.string() });

const evidence = z.discriminatedUnion("code", [
  /** How many targets on these hosts Prometheus read before, and how many it reads now. */
  z.object({ code: z.literal("unwatched"), hosts: z.array(z.string()), before: z.int(), left: z.int() }),
  /** How many of them it reads again, with success. */
  z.object({ code: z.literal("watched-again"), hosts: z.array(z.string()), before: z.int(), up: z.int() }),
]);

type UnwatchEvidence = z.infer<typeof evidence>;

export const unwatch = {
  summary:
    "Prometheus no longer reads the metrics of a part, as if its discovery had lost it, until it heals; the part works.",
  schema,
  evidence,
  lasts: () => true,
  touches({ target }, pipeline) {
    servicesOf(pipeline, target);
    return Object.keys(pipeline.monitoring?.prometheus.services ?? {});
  },
  breaks: () => [],
  unsupportedReason({ target }, pipeline) {
    if (pipeline.monitoring === undefined) return "needs a Prometheus that Everyline has configured";
    return missingTarget(pipeline, target);
  },
  simpler: () => [],
  expected: ({ target }, pipeline) =>
    `${servicesOf(pipeline, target).join(", ")}: among the targets of Prometheus before, not when it has read its configuration again and still ` +
    "when it heals, and read with success afterwards; lines are written meanwhile",
  create: ({ target }, context) => new Unwatch(context, servicesOf(context.stack.pipeline, target)),
  clause: ({ name, times, held }) => `Prometheus did not look at ${name}${times}${held}`,
  describe(found) {
    const hosts = found.hosts.join(", ");
    if (found.code === "watched-again")
      return `Prometheus reads ${found.up} of ${counted(found.before)} on ${hosts} again`;
    return found.before === 0
      ? `Prometheus had no target on ${hosts}`
      : `Prometheus read ${counted(found.before)} on ${hosts}, and reads ${found.left}`;
  },
} satisfies FaultKind<typeof schema, UnwatchEvidence>;

function counted(targets: number): string {
  return targets === 1 ? "1 target" : `${targets} targets`;
}

/** Takes hosts out of the configuration of Prometheus, and puts them back. */
class Unwatch implements Fault<UnwatchEvidence> {
  readonly #context: FaultContext;
  readonly #hosts: string[];
  #original: string | undefined;
  #before = 0;

  constructor(context: FaultContext, hosts: string[]) {
    this.#context = context;
    this.#hosts = hosts;
  }

  async inject(): Promise<number> {
    this.#before = (await this.#targets()).length;
    await this.#change((text) => {
      this.#original = text;
      return withoutTargets(text, this.#hosts);
    });
    await this.#until((targets) => targets.length === 0);
    return Date.now();
  }

  /** Asks Prometheus which targets it has. */
  async prove(): Promise<Proof<UnwatchEvidence>> {
    const left = (await this.#targets()).length;
    const [hosts, before] = [this.#hosts, this.#before];
    return { effective: before > 0 && left === 0, evidence: [{ code: "unwatched", hosts, before, left }] };
  }

  async heal(): Promise<number> {
    const healedAtMs = Date.now();
    const original = this.#original;
    if (original !== undefined) await this.#change(() => original);
    return healedAtMs;
  }

  async proveHealed(): Promise<Proof<UnwatchEvidence>> {
    const before = this.#before;
    const isUp = (targets: { isUp: boolean }[]) => targets.filter((target) => target.isUp).length;
    const up = isUp(await this.#until((targets) => isUp(targets) >= before));
    return { effective: up >= before, evidence: [{ code: "watched-again", hosts: this.#hosts, before, up }] };
  }

  get #monitoring(): MonitoringInstances | undefined {
    return this.#context.stack.monitoring;
  }

  async #change(change: (text: string) => string): Promise<void> {
    const changeConfig = this.#monitoring?.changeConfig;
    assertAble(changeConfig, "change what Prometheus reads");
    await changeConfig!(change);
    await (await this.#api()).reload(this.#context.signal);
  }

  async #api(): Promise<PrometheusApi> {
    const address = await this.#monitoring?.prometheus.address();
    if (address === undefined)
      throw new Error("Prometheus publishes no port, so it cannot be asked what it reads");
    return new PrometheusApi(address.url);
  }

  async #targets(): Promise<{ isUp: boolean }[]> {
    const targets = await (await this.#api()).targets(this.#context.signal);
    return targets.filter(({ host }) => this.#hosts.includes(host));
  }

  /** The targets on these hosts as soon as they are as expected, or when it is too late for that. */
  async #until(areExpected: (targets: { isUp: boolean }[]) => boolean): Promise<{ isUp: boolean }[]> {
    for (const deadlineMs = Date.now() + takenUpMs; ; await pause(probeMs, this.#context.signal)) {
      const targets = await this.#targets();
      if (areExpected(targets) || Date.now() > deadlineMs) return targets;
    }
  }
}
