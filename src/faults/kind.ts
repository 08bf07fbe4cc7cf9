import type { z } from "zod";
import type { SourceName } from "../load/load-plan.ts";
import type { LinkName, PartName, Pipeline } from "../pipeline/pipeline.ts";
import type { CommonEvidence, Evidence } from "./evidence.ts";
import type { Fault, FaultContext } from "./fault.ts";

/** The parameters of a kind of fault: its name, its target, and further parameters of that kind. */
type FaultSchema = z.ZodObject<{ kind: z.ZodLiteral<string>; target: z.ZodType<string> }>;

/** A part of which a fault ends a process, and how. What the process had only in memory is lost. */
export interface EndedPart {
  part: PartName;
  /** By SIGTERM, which lets it write its memory to disk, or by SIGKILL, which does not. */
  by: "term" | "kill";
}

/** Faults of one kind on one target, which a headline mentions together. */
interface FaultGroup {
  /** The name of the target for readers who do not know the configuration. */
  name: string;
  target: string;
  /** Such as ` twice`; empty for once. */
  times: string;
  /** Such as ` for 12 s`; empty for faults that take no time. */
  held: string;
  /** The known parameters of the first of them. */
  parameters: Record<string, unknown>;
}

/**
 * Everything about one kind of fault. All functions except `create` are pure, and a pipeline that is passed to them need not be running. The
 * rest of the code uses this interface, so that no other file refers to a kind by name.
 */
export interface FaultKind<Schema extends FaultSchema = FaultSchema, Found extends Evidence = Evidence> {
  /** What it does, in one sentence. */
  summary: string;
  /** Its parameters. */
  schema: Schema;
  /** The evidence of this kind, in addition to the evidence of faults of any kind. */
  evidence: z.ZodType<Found>;
  /** Whether it holds until it heals. A fault that does not is over when `inject` returns. */
  lasts(spec: z.infer<Schema>): boolean;
  /** Whether it asks a process to end, which may take long; the clock of the schedule stops meanwhile. */
  waitsForEnd?: boolean;
  /** The required evidence, without which the verdict is `unknown`, in words for a plan. */
  expected(spec: z.infer<Schema>, pipeline: Pipeline): string;
  create(spec: z.infer<Schema>, context: FaultContext): Fault<Found | CommonEvidence>;
  /**
   * What it acts on: services of the pipeline, or `app` and `source` for what writes the lines.
   *
   * @throws UsageError if the pipeline has no such target, with those that it has
   */
  touches(spec: z.infer<Schema>, pipeline: Pipeline): string[];
  /** The parts and links that do not work at all while it holds. */
  breaks(spec: z.infer<Schema>, pipeline: Pipeline): (PartName | LinkName)[];
  /** The parts of which it ends a process; none if absent. */
  ends?(spec: z.infer<Schema>, pipeline: Pipeline): EndedPart[];
  /** Whether the sink must not be polled while it is injected and in force; polling continues if absent. */
  pausesReading?(spec: z.infer<Schema>, pipeline: Pipeline): boolean;
  /** Whether the report shows what the sink replayed from its write-ahead log; it does not if absent. */
  showsReplay?: boolean;
  /** Whether it deletes records that Kafka would still have, so that a line may be lost there; it does not if absent. */
  deletesRecords?: boolean;
  /** Why it is not possible on a pipeline, as the end of a sentence; undefined if it is. */
  unsupportedReason(spec: z.infer<Schema>, pipeline: Pipeline): string | undefined;
  /** Why it is not possible with this source of lines; it always is if absent. */
  unsupportedLoad?(spec: z.infer<Schema>, by: SourceName): string | undefined;
  /** Variants that break less, for a search for the smallest fault that breaks a promise. Each is possible wherever this fault is. */
  simpler(spec: z.infer<Schema>): z.infer<Schema>[];
  /** A clause for headlines such as "the sink was stopped for 12 s", with the name of the product; undefined if it breaks nothing. */
  clause(group: FaultGroup): string | undefined;
  /** The words for one finding. */
  describe(evidence: Found): string;
}
