import { z } from "zod";
import { loadAbilities } from "../load/load-abilities.ts";
import { type Rotation, shareOf } from "../load/load-plan.ts";
import { matchesRotated } from "../pipeline/file-name.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";
import type { FaultKind } from "./kind.ts";

const schema = z.strictObject({
  kind: z.literal("rotate"),
  target: z.literal("source"),
  /** `own` waits until the application, or the container engine, has rotated the file by itself. */
  method: z.enum(["rename-create", "rename", "create", "copytruncate", "own"]),
});

type Spec = z.infer<typeof schema>;

/** `file`: the name of the source's file; absent in documents of earlier versions, in which every file was called `SOURCE.log`. */
const rotatedFile = {
  method: schema.shape.method,
  source: z.string(),
  file: z.string().optional(),
};

const evidence = z.discriminatedUnion("code", [
  /** A file of `bytes` bytes was rotated after line `afterSequence`; the last line of its source is `lastSequence`. */
  z.object({
    code: z.literal("rotated"),
    ...rotatedFile,
    bytes: z.int(),
    afterSequence: z.int(),
    lastSequence: z.int(),
  }),
  z.object({ code: z.literal("not-rotated"), ...rotatedFile }),
  z.object({ code: z.literal("nothing-rotated"), method: schema.shape.method }),
]);

type RotateEvidence = z.infer<typeof evidence>;

export const rotate = {
  summary: "Every source's file is rotated between two writes.",
  schema,
  evidence,
  lasts: () => false,
  touches: ({ target }) => [target],
  breaks: () => [],
  unsupportedReason: ({ method }, pipeline) => unsupportedByName(method, pipeline),
  unsupportedLoad({ method }, by) {
    const { rotations } = loadAbilities[by];
    if (rotations.includes(method)) return undefined;
    if (method === "own")
      return `is about an application that rotates its own file, and the ${by} is none; leave --load away, or pass --load nestjs`;
    const own =
      rotations.length === 0 ? "has no file to rotate" : `rotates by ${rotations.join(" and ")} only`;
    return `rotates the log file by ${method}, and --load ${by} ${own}; leave --load away`;
  },
  simpler: () => [],
  expected({ method }) {
    const how = method === "own" ? "rotated by the application itself" : `rotated by ${method}`;
    return `each source's file: ${how}, with lines in it, and lines still to come`;
  },
  create: (spec, context) => new Rotate(context, spec.method),
  clause: ({ name, times }) => `${name} was rotated${times}`,
  describe(found) {
    switch (found.code) {
      case "rotated":
        return `${found.method}: ${nameOf(found)} of ${found.bytes} bytes after line ${found.afterSequence}${objectionTo(found)}`;
      case "not-rotated":
        return `${found.method}: ${nameOf(found)} was not rotated`;
      case "nothing-rotated":
        return "nothing was rotated before the load ended";
    }
  },
} satisfies FaultKind<typeof schema, RotateEvidence>;

/** Why the files of a custom pipeline cannot be rotated in this way; undefined if they can. */
function unsupportedByName(method: Spec["method"], { deployment }: Pipeline): string | undefined {
  if (deployment.kind !== "own") return undefined;
  if (method === "own")
    return deployment.stdout?.by === "api"
      ? "is about a rotation of the engine's files, and the shipper asks the engine, which does not tell of it"
      : undefined;
  const { isFileMounted, fileNames } = deployment.lines;
  if (isFileMounted && method !== "copytruncate")
    return (
      `rotates the log file by ${method}, and ${fileNames} itself is mounted (source.path): the shipper's container keeps the file that was ` +
      "mounted, whatever its name, and sees no new one; mount its folder for that"
    );
  return matchesRotated(fileNames)
    ? `rotates the log file, and a rotated file would have a name like ${fileNames} (source.file), so that the shipper reads it again`
    : undefined;
}

/** The name of a file, with its source if the file is not named after it, such as a json-file of the container engine. */
function nameOf({ source, file = `${source}.log` }: { source: string; file?: string | undefined }): string {
  return file.startsWith(`${source}.`) ? file : `${file} (${source})`;
}

type Rotated = Extract<RotateEvidence, { code: "rotated" }>;

/** Why a rotation tests nothing: the file contained no line, or no line followed. */
function objectionTo({ bytes, afterSequence, lastSequence }: Rotated): string {
  if (bytes === 0) return ": it was empty";
  if (afterSequence === 0) return ": no line stood in it";
  return afterSequence >= lastSequence ? ": no line was to follow" : "";
}

/** Log rotation between two writes, by the program that writes the file. It takes no time and needs no healing. */
class Rotate implements Fault<RotateEvidence> {
  readonly #context: FaultContext;
  readonly #method: Spec["method"];
  #rotations: Rotation[] = [];
  #atMs = 0;

  constructor(context: FaultContext, method: Spec["method"]) {
    this.#context = context;
    this.#method = method;
  }

  async inject(): Promise<number> {
    this.#rotations = await this.#context.writer.rotate(this.#method);
    this.#atMs = Date.now();
    return this.#atMs;
  }

  async prove(): Promise<Proof<RotateEvidence>> {
    const method = this.#method;
    if (this.#rotations.length === 0)
      return { effective: false, evidence: [{ code: "nothing-rotated", method }] };
    const { plan, location } = this.#context.writer;
    const { lines, sources } = plan;
    const evidence = sources.map((source, index): RotateEvidence => {
      const file = location.fileNames[index]!;
      const rotation = this.#rotations.find((candidate) => candidate.source === source);
      if (rotation === undefined) return { code: "not-rotated", method, source, file };
      const { bytes, afterSequence } = rotation;
      const lastSequence = shareOf(lines, index, sources.length);
      return { code: "rotated", method, source, file, bytes, afterSequence, lastSequence };
    });
    const effective = evidence.every((found) => found.code === "rotated" && objectionTo(found) === "");
    return { effective, evidence };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }
}
