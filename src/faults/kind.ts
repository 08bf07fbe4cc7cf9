import type { z } from "zod";
import type { SourceName } from "../load/load-plan.ts";
import type { LinkName, PartName, Pipeline } from "../pipeline/pipeline.ts";
import type { CommonEvidence, Evidence } from "./evidence.ts";
import type { Fault, FaultContext } from "./fault.ts";

/** The parameters of any kind of fault: its name, what it is done to, and what that kind adds. */
type FaultSchema = z.ZodObject<{ kind: z.ZodLiteral<string>; target: z.ZodType<string> }>;

/** A part of which a fault ends a process, and how: what the process kept in memory is gone with it. */
export interface EndedPart {
  part: PartName;
  /** By SIGTERM, which lets it write what it has; or by SIGKILL, which does not. */
  by: "term" | "kill";
}

/** Faults of one kind on one target, as a headline tells of them together. */
interface FaultGroup {
  /** What readers who do not know the configuration call the target. */
  name: string;
  target: string;
  /** Such as ` twice`; empty for once. */
  times: string;
  /** Such as ` for 12 s`; empty for faults that take no time. */
  held: string;
  /** The parameters of the first of them, as far as they are known. */
  parameters: Record<string, unknown>;
}

/**
 * Everything about one kind of fault. The functions are pure, but for `create`; those that take a pipeline take one that need not run.
 * What other rooms ask about a fault they ask here, so that none of them knows any kind by name.
 */
export interface FaultKind<Schema extends FaultSchema = FaultSchema, Found extends Evidence = Evidence> {
  /** What it does, in one sentence. */
  summary: string;
  /** Its parameters. */
  schema: Schema;
  /** What may be found of it, beside what may be found of a fault of any kind. */
  evidence: z.ZodType<Found>;
  /** Whether it holds until it heals; one that does not is over when it was brought about. */
  lasts(spec: z.infer<Schema>): boolean;
  /** Whether it asks a process to end, which may take its time for that: the schedule's clock waits. */
  waitsForEnd?: boolean;
  /** What evidence is asked of it, without which the verdict is `unknown`; for a plan. */
  expected(spec: z.infer<Schema>, pipeline: Pipeline): string;
  create(spec: z.infer<Schema>, context: FaultContext): Fault<Found | CommonEvidence>;
  /**
   * What it does something to: services of the pipeline, or `app` and `source` for what writes the lines.
   *
   * @throws UsageError if the pipeline has no such target, with those that it has
   */
  touches(spec: z.infer<Schema>, pipeline: Pipeline): string[];
  /** The parts and links that cannot do their work at all while it holds. */
  breaks(spec: z.infer<Schema>, pipeline: Pipeline): (PartName | LinkName)[];
  /** The parts of which it ends a process; none if absent. */
  ends?(spec: z.infer<Schema>, pipeline: Pipeline): EndedPart[];
  /** Whether nobody is to ask the sink for lines while it is injected and in force; not if absent. */
  pausesReading?(spec: z.infer<Schema>, pipeline: Pipeline): boolean;
  /** Whether what the sink says of the replay of its write-ahead log belongs in the report; it does not if absent. */
  showsReplay?: boolean;
  /** Why it cannot be brought about on a pipeline, as the end of a sentence; undefined if it can. */
  unsupportedReason(spec: z.infer<Schema>, pipeline: Pipeline): string | undefined;
  /** Why it cannot be brought about where the lines are written in this way; it can if absent. */
  unsupportedLoad?(spec: z.infer<Schema>, by: SourceName): string | undefined;
  /** Variants that break less, for whoever looks for the least that breaks a promise; each is possible where this one is. */
  simpler(spec: z.infer<Schema>): z.infer<Schema>[];
  /** A clause such as "the sink was stopped for 12 s", with the name of the product; undefined if it breaks nothing. */
  clause(group: FaultGroup): string | undefined;
  /** The words for a finding. */
  describe(evidence: Found): string;
}
