import { z } from "zod";

/** One command, or one thing done by this process, with what was measured of it. */
const sideSchema = z.object({
  /** The command as a reader can type it. */
  command: z.string(),
  /** The median over the repeats, in seconds of wall time. */
  seconds: z.number().min(0),
  /** The median of processor seconds, of the command and its children; absent if nobody has counted them. */
  cpuSeconds: z.number().min(0).optional(),
  /** The largest resident memory of all processes of the command together, in bytes; absent if nobody has looked. */
  peakBytes: z.number().min(0).optional(),
});

/** What a subject is compared with; without a time if it is not on this machine. */
const peerSchema = z.union([sideSchema, z.object({ command: z.string(), missing: z.string() })]);

/** What is measured, and what is wanted of it. */
const figureSchema = z.object({
  /** Undefined if it could not be measured, as where the peer is missing. */
  value: z.number().optional(),
  /** What the number counts: `times as fast`, `GB/s`, `MB`, `lines/s a core`, `s`. */
  unit: z.string(),
  wanted: z.union([z.object({ atLeast: z.number() }), z.object({ atMost: z.number() })]).optional(),
});

/** One line of `docs/benchmarks.md`. */
export const rowSchema = z.object({
  what: z.string(),
  /** The size of the input, in words: `5,000,000 lines, 966 MB`. */
  input: z.string(),
  repeats: z.int().min(1),
  subject: sideSchema,
  peer: peerSchema.optional(),
  figure: figureSchema,
});

export type Side = z.infer<typeof sideSchema>;
export type Peer = z.infer<typeof peerSchema>;
export type Figure = z.infer<typeof figureSchema>;
export type Row = z.infer<typeof rowSchema>;

/** How a benchmark is run. */
export interface BenchmarkOptions {
  /** An empty folder for its files, which is removed afterwards. */
  folder: string;
  /** How often each command is run. */
  repeats: number;
  /** The size of the inputs, as a share of their full size; 1 for figures that are published. */
  scale: number;
  /** Says what is being done, one line at a time. */
  tell: (text: string) => void;
}

/** A question about speed, and how it is answered. Each is a file of this folder and a line in `benchmarks.ts`. */
export interface Benchmark {
  /** What it is called on the command line. */
  name: string;
  question: string;
  run(options: BenchmarkOptions): Promise<Row[]>;
}

/** Whether a figure is what is wanted; undefined if nothing is wanted of it, or it could not be measured. */
export function isReached({ value, wanted }: Figure): boolean | undefined {
  if (value === undefined || wanted === undefined) return undefined;
  return "atLeast" in wanted ? value >= wanted.atLeast : value <= wanted.atMost;
}
