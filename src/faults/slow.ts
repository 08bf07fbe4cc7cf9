import { request } from "undici";
import { z } from "zod";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { Instance } from "../places/instance.ts";
import type { CommonEvidence } from "./evidence.ts";
import { type Fault, type FaultContext, type Proof, refutes, shows } from "./fault.ts";
import type { FaultHolds } from "./holds.ts";
import type { FaultKind } from "./kind.ts";
import { missingTarget } from "./targets.ts";

/** How much the link is slowed in each direction. */
const slowness = {
  latencyMs: z.number().positive().optional(),
  kilobytesPerSecond: z.number().positive().optional(),
};

const schema = z.strictObject({ kind: z.literal("slow"), target: z.literal("site-link"), ...slowness });

type Spec = z.infer<typeof schema>;
type Slowness = Pick<Spec, "latencyMs" | "kilobytesPerSecond">;

const evidence = z.discriminatedUnion("code", [
  /** How many of the proxies of a service have the latency and the rate that were set. */
  z.object({ code: z.literal("slowed"), service: z.string(), slow: z.int(), proxies: z.int(), ...slowness }),
  z.object({ code: z.literal("proxy-ended"), service: z.string() }),
]);

type SlowEvidence = z.infer<typeof evidence>;

export const slow = {
  summary: "The link between two sites gets a higher latency, or a lower rate in kB a second.",
  schema,
  evidence,
  lasts: () => true,
  touches: ({ target }, pipeline) => servicesOf(pipeline, target),
  breaks: () => [],
  unsupportedReason({ target, ...slowness }, pipeline) {
    if (toxicsOf(slowness).length === 0) return "slows nothing: it needs a latencyMs or a kilobytesPerSecond";
    return missingTarget(pipeline, target);
  },
  simpler({ latencyMs, kilobytesPerSecond, ...rest }) {
    if (latencyMs === undefined || kilobytesPerSecond === undefined) return [];
    return [
      { ...rest, latencyMs },
      { ...rest, kilobytesPerSecond },
    ];
  },
  expected: ({ target, ...slowness }) =>
    `${target}: each of its proxies says that it has ${describe(toxicsOf(slowness))}, when they were set and still when it heals ` +
    "or another fault ends it; lines are written meanwhile",
  create({ target, kind: _, ...slowness }, context) {
    const [service] = servicesOf(context.stack.pipeline, target);
    return new Slow(context, service!, slowness);
  },
  clause: ({ times, held }) => `the link between the sites was slow${times}${held}`,
  describe(found) {
    if (found.code === "proxy-ended")
      return `${found.service} is no longer the one that was slow: it ended by itself`;
    const { service, slow, proxies, ...slowness } = found;
    return `${slow} of ${proxies} proxies of ${service} have ${describe(toxicsOf(slowness))}`;
  },
} satisfies FaultKind<typeof schema, SlowEvidence>;

const requestTimeoutMs = 5_000;
const toxicName = "everyline";
const directions = ["upstream", "downstream"] as const;

/** A toxic of Toxiproxy, in the form of its API. */
interface Toxic {
  name: string;
  type: string;
  stream: (typeof directions)[number];
  toxicity: number;
  attributes: Record<string, number>;
}

const proxiesSchema = z.record(
  z.string(),
  z.object({
    enabled: z.boolean(),
    toxics: z.array(
      z.object({ name: z.string(), type: z.string(), attributes: z.record(z.string(), z.number()) }),
    ),
  }),
);

/** Slows all connections of a Toxiproxy through its API, until the fault heals. */
class Slow implements Fault<SlowEvidence | CommonEvidence> {
  readonly #proxy: Instance;
  readonly #holds: FaultHolds;
  readonly #service: string;
  readonly #slowness: Slowness;
  /** The incarnation of the proxy's process that was configured. A restarted process has lost the settings. */
  #incarnation = "";
  #injectedAtMs = 0;

  constructor({ stack, holds }: FaultContext, service: string, slowness: Slowness) {
    this.#proxy = stack.instance(service);
    this.#holds = holds;
    this.#service = service;
    this.#slowness = slowness;
  }

  async inject(): Promise<number> {
    this.#incarnation = (await this.#proxy.state()).incarnation;
    this.#injectedAtMs = Date.now();
    for (const proxy of Object.keys(await this.#proxies())) {
      for (const toxic of toxicsOf(this.#slowness))
        await this.#ask("POST", `/proxies/${proxy}/toxics`, toxic);
    }
    return Date.now();
  }

  /** Reads the settings back from the proxy: every connection must have every toxic. */
  async prove(): Promise<Proof<SlowEvidence | CommonEvidence>> {
    const service = this.#service;
    if (await this.#hasEnded())
      return this.#holds.wasDoneByAnother("ended", service, this.#injectedAtMs)
        ? shows({ code: "ended-by-another", instance: service })
        : refutes({ code: "proxy-ended", service });
    const toxics = toxicsOf(this.#slowness);
    const proxies = Object.values(await this.#proxies());
    const { length: slow } = proxies.filter(({ enabled, toxics: set }) => {
      return enabled && toxics.every(({ name }) => set.some((toxic) => toxic.name === name));
    });
    return {
      effective: toxics.length > 0 && proxies.length > 0 && slow === proxies.length,
      evidence: [{ code: "slowed", service, slow, proxies: proxies.length, ...this.#slowness }],
    };
  }

  /** A proxy that was restarted, as with its site, has already lost its settings. */
  async heal(): Promise<number> {
    if (await this.#hasEnded()) return (await this.#proxy.state()).endedAtMs;
    const healedAtMs = Date.now();
    for (const [proxy, { toxics }] of Object.entries(await this.#proxies())) {
      for (const { name } of toxicsOf(this.#slowness).filter((toxic) =>
        toxics.some(({ name }) => name === toxic.name),
      ))
        await this.#ask("DELETE", `/proxies/${proxy}/toxics/${name}`);
    }
    return healedAtMs;
  }

  async #hasEnded(): Promise<boolean> {
    const { running, incarnation } = await this.#proxy.state();
    return !running || incarnation !== this.#incarnation;
  }

  async #proxies(): Promise<z.infer<typeof proxiesSchema>> {
    return proxiesSchema.parse(JSON.parse(await this.#ask("GET", "/proxies")));
  }

  async #ask(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<string> {
    const address = await this.#proxy.address();
    if (address === undefined)
      throw new Error(`${this.#service} publishes no port, so its API cannot be reached`);
    const { statusCode, body: answer } = await request(`${address.url}${path}`, {
      method,
      signal: AbortSignal.timeout(requestTimeoutMs),
      reset: true,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (statusCode >= 300)
      throw new Error(`${this.#service} answered ${statusCode} to ${method} ${path}: ${text}`);
    return text;
  }
}

function toxicsOf({ latencyMs, kilobytesPerSecond }: Slowness): Toxic[] {
  return [
    ...(latencyMs === undefined ? [] : inEachDirection("latency", { latency: latencyMs })),
    ...(kilobytesPerSecond === undefined ? [] : inEachDirection("bandwidth", { rate: kilobytesPerSecond })),
  ];
}

function describe(toxics: Toxic[]): string {
  const what = toxics
    .filter(({ stream }) => stream === directions[0])
    .map(({ type, attributes }) => `${type} ${Object.values(attributes).join(" ")}`);
  return `${what.join(" and ")} in each direction (ms, kB/s)`;
}

function inEachDirection(type: string, attributes: Record<string, number>): Toxic[] {
  return directions.map((stream) => ({
    name: `${toxicName}-${type}-${stream}`,
    type,
    stream,
    toxicity: 1,
    attributes,
  }));
}
