import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { monitoringPartsOf } from "../pipeline/monitoring.ts";
import { describePipeline, linkNames, listPipelines, loadPipeline } from "../pipeline/pipeline.ts";
import { brokenBy, endedBy, pausesReading, stopsShipper } from "./effects.ts";
import { planFault } from "./plan-fault.ts";
import { type FaultSpec, faultKinds, findKind, kindOf, nameOf } from "./registry.ts";

const src = join(import.meta.dirname, "..");
/** Has messages whose kinds are no faults. */
const ofNoFault = ["load/generator-worker.ts"];
const names = faultKinds.map(nameOf);
const pipelines = (
  await Promise.all(
    (
      await listPipelines()
    ).map(async (name) => {
      const { layouts } = await describePipeline(name);
      return Promise.all(layouts.map((layout) => loadPipeline(name, layout.name)));
    }),
  )
).flat();

const parts = ["shipper", "gateway", "kafka", "consumer", "sink"];
const groups = [
  "ingester",
  "kafka-pair",
  "site-a",
  "kafka-1",
  "promtail",
  "mirror",
  "kafka-metrics",
  "no-such-service",
];
const images = ["9.9.9", "example/store:9.9.9"];
const texts = fc.constantFrom(...parts, ...groups, "app", "kafka-leader", ...images);

/** Any value that a parameter's declaration allows. */
function anyOf(type: z.ZodType): fc.Arbitrary<unknown> {
  if (type instanceof z.ZodLiteral) return fc.constant(type.value);
  if (type instanceof z.ZodEnum) return fc.constantFrom(...type.options);
  if (type instanceof z.ZodOptional) return fc.option(anyOf(type.unwrap() as z.ZodType), { nil: undefined });
  if (type instanceof z.ZodBoolean) return fc.boolean();
  if (type instanceof z.ZodString) return texts;
  if (type instanceof z.ZodNumber) return fc.double({ min: 0.01, max: 1, noNaN: true });
  throw new RangeError(`expected a parameter of a form that is known here, got ${type.type}`);
}

/** A fault of any kind, with any parameters that its kind takes. */
const specs: fc.Arbitrary<FaultSpec> = fc.oneof(
  ...faultKinds.map(({ schema }) => {
    const parameters = Object.entries(schema.shape).map(([name, type]) => [name, anyOf(type)] as const);
    return fc
      .record(Object.fromEntries(parameters))
      .map((spec) => Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)));
  }),
) as fc.Arbitrary<FaultSpec>;
const pipeline = fc.constantFrom(...pipelines);

describe("a fault of any kind, on any pipeline", () => {
  it("is possible, with something that it touches and an expectation, or is refused with a reason", () => {
    fc.assert(
      fc.property(specs, pipeline, (spec, on) => {
        const reason = kindOf(spec).unsupportedReason(spec, on);
        if (reason === undefined) {
          expect(planFault(spec, on).expected).not.toBe("");
          expect(kindOf(spec).touches(spec, on)).not.toEqual([]);
        } else {
          expect(reason).toMatch(/^[a-z]/);
          expect(() => planFault(spec, on)).toThrow();
        }
      }),
    );
  });

  it("touches services that the pipeline has, or what writes the lines", () => {
    fc.assert(
      fc.property(specs, pipeline, (spec, on) => {
        fc.pre(kindOf(spec).unsupportedReason(spec, on) === undefined);
        const all = [on.shipper, on.gateway, on.kafka, on.consumer, on.sink, ...Object.values(on.beside)];
        const watching = on.monitoring === undefined ? [] : monitoringPartsOf(on.monitoring);
        const services = [...all, ...watching].flatMap((part) => Object.keys(part?.services ?? {}));
        for (const touched of kindOf(spec).touches(spec, on))
          expect([...services, "app", "source"]).toContain(touched);
      }),
    );
  });

  it("breaks and ends only what it touches", () => {
    fc.assert(
      fc.property(specs, pipeline, (spec, on) => {
        const touched =
          kindOf(spec).unsupportedReason(spec, on) === undefined ? kindOf(spec).touches(spec, on) : [];
        const hasTouched = (name: string) =>
          (linkNames as readonly string[]).includes(name)
            ? name in on.links
            : Object.keys(on[name as "sink"]?.services ?? {}).some((service) => touched.includes(service));
        for (const name of [...brokenBy(spec, on), ...endedBy(spec, on).map(({ part }) => part)])
          if (touched.length > 0) expect(hasTouched(name), name).toBe(true);
      }),
    );
  });

  it("has simpler variants, of the same kind and possible where it is, that come to an end", () => {
    fc.assert(
      fc.property(specs, pipeline, (spec, on) => {
        fc.pre(kindOf(spec).unsupportedReason(spec, on) === undefined);
        const seen = [JSON.stringify(spec)];
        for (const open = [spec]; open.length > 0; ) {
          const one = open.pop()!;
          for (const simpler of kindOf(one).simpler(one) as FaultSpec[]) {
            expect(kindOf(one).schema.safeParse(simpler).success).toBe(true);
            expect(kindOf(simpler).unsupportedReason(simpler, on)).toBeUndefined();
            expect(JSON.stringify(simpler)).not.toBe(JSON.stringify(one));
            seen.push(JSON.stringify(simpler));
            open.push(simpler);
          }
        }
        expect(seen.length).toBeLessThan(10);
      }),
    );
  });

  it("takes its own parameters and no others", () => {
    fc.assert(
      fc.property(specs, (spec) => {
        expect(kindOf(spec).schema.parse(spec)).toEqual(spec);
        expect(kindOf(spec).schema.safeParse({ ...spec, further: 1 }).success).toBe(false);
      }),
    );
  });
});

describe("a fault that only prepares for another", () => {
  it.each(["await-wal", "flush"])(
    "breaks and ends nothing, lets reading go on, and has no clause: %s",
    async (kind) => {
      const on = await loadPipeline("direct");
      const fault = { kind, target: "sink" };
      expect(brokenBy(fault, on)).toEqual([]);
      expect(endedBy(fault, on)).toEqual([]);
      expect(pausesReading(fault, on)).toBe(false);
      expect(
        findKind(kind)!.clause({ name: "the store", target: "sink", times: "", held: "", parameters: {} }),
      ).toBeUndefined();
    },
  );

  it("is every kind that has no clause", () => {
    const group = { name: "the store", target: "sink", times: " twice", held: " for 2 s", parameters: {} };
    const silent = faultKinds.filter((kind) => kind.clause(group) === undefined).map(nameOf);
    expect(silent).toEqual(["await-wal", "flush"]);
  });
});

describe("what a fault does to the pipeline", () => {
  it.each<[string, string | undefined, FaultSpec, { broken: string[]; paused: boolean; stopped: boolean }]>([
    [
      "direct",
      undefined,
      { kind: "kill", target: "sink" },
      { broken: ["sink"], paused: true, stopped: true },
    ],
    [
      "direct",
      undefined,
      { kind: "stop", target: "shipper" },
      { broken: ["shipper"], paused: false, stopped: false },
    ],
    [
      "direct",
      undefined,
      { kind: "disconnect", target: "shipper-sink" },
      { broken: ["shipper-sink"], paused: true, stopped: true },
    ],
    [
      "direct",
      undefined,
      { kind: "swap-image", target: "sink", image: "9.9.9" },
      { broken: [], paused: false, stopped: false },
    ],
    ["kafka", "split", { kind: "kill", target: "ingester" }, { broken: [], paused: false, stopped: false }],
    ["kafka", "split", { kind: "kill", target: "sink" }, { broken: ["sink"], paused: true, stopped: false }],
    [
      "kafka",
      "split",
      { kind: "disconnect", target: "consumer-sink" },
      { broken: ["consumer-sink"], paused: false, stopped: false },
    ],
    [
      "kafka",
      "single",
      { kind: "kill", target: "kafka-pair" },
      { broken: ["kafka"], paused: false, stopped: true },
    ],
    [
      "kafka",
      "single",
      { kind: "kill", target: "kafka-leader" },
      { broken: [], paused: false, stopped: false },
    ],
    [
      "kafka",
      "single",
      { kind: "stop", target: "gateway" },
      { broken: ["gateway"], paused: false, stopped: true },
    ],
    [
      "kafka",
      "split",
      { kind: "stop", target: "kafka-metrics" },
      { broken: [], paused: false, stopped: false },
    ],
    [
      "kafka",
      "stretched",
      { kind: "kill", target: "site-a" },
      { broken: ["shipper", "gateway"], paused: false, stopped: false },
    ],
    [
      "kafka",
      "two-sites",
      { kind: "kill", target: "site-a" },
      { broken: ["shipper", "gateway", "kafka"], paused: false, stopped: false },
    ],
  ])("on %s %s", async (name, layout, spec, { broken, paused, stopped }) => {
    const on = await loadPipeline(name, layout);
    expect(brokenBy(spec, on)).toEqual(broken);
    expect(pausesReading(spec, on)).toBe(paused);
    expect(stopsShipper(spec, on)).toBe(stopped);
  });

  it("is unknown for a kind or a target that only a stored run names", async () => {
    const on = await loadPipeline("direct");
    for (const fault of [
      { kind: "stop", target: "ingester" },
      { kind: "earthquake", target: "sink" },
    ]) {
      expect(brokenBy(fault, on)).toEqual([]);
      expect(endedBy(fault, on)).toEqual([]);
      expect(stopsShipper(fault, on)).toBe(false);
    }
  });
});

it("is decided by a kind's name in this room alone", () => {
  const form = new RegExp(`(kind [=!]== |case )"(${names.join("|")})"`);
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !ofNoFault.includes(name),
  );
  const comparing = files.filter((name) => form.test(readFileSync(join(src, name), "utf8")));
  expect(files.length).toBeGreaterThan(100);
  expect(comparing).toEqual([]);
});
