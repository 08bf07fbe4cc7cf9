import { basename, join, resolve } from "node:path";
import { z } from "zod";
import type { ComposeService } from "./compose-model.ts";
import { configurationText } from "./configuration-text.ts";

/** What a Dockerfile says of the image that it builds, as far as this is known without building it. */
export interface BuiltImage {
  /** The image that its last stage is made from; undefined for one from nothing. */
  base: string | undefined;
  /** Files and folders of this machine, and where they are in the image. */
  copies: { source: string; target: string }[];
  entrypoint: string[] | undefined;
  command: string[] | undefined;
}

const buildSchema = z.object({
  context: z.string(),
  dockerfile: z.string().optional(),
  dockerfile_inline: z.string().optional(),
  target: z.string().optional(),
  args: z.record(z.string(), z.unknown()).nullish(),
});

const maxStages = 32;

/** The image that a service is built into; undefined if it is not built, or its Dockerfile cannot be read. */
export async function builtImage({ build }: ComposeService): Promise<BuiltImage | undefined> {
  const parsed = buildSchema.safeParse(build);
  if (!parsed.success) return undefined;
  const { context, dockerfile = "Dockerfile", dockerfile_inline: inline } = parsed.data;
  const text = inline ?? (await configurationText(resolve(context, dockerfile)));
  return text === undefined ? undefined : imageOf(text, parsed.data);
}

interface Stage extends BuiltImage {
  name: string | undefined;
}

function imageOf(
  text: string,
  { context, target, args }: z.infer<typeof buildSchema>,
): BuiltImage | undefined {
  const variables = new Map<string, string>();
  const stages: Stage[] = [];
  let folder = "/";
  for (const [name, rest] of instructionsIn(text)) {
    const filled = rest.replace(
      /\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)/g,
      (whole, braced, otherwise, bare) => variables.get(braced ?? bare) ?? otherwise ?? whole,
    );
    const stage = stages.at(-1);
    if (name === "ARG") {
      const [, key = "", value = ""] = /^(\w+)(?:=["']?([^"']*)["']?)?/.exec(filled) ?? [];
      variables.set(key, `${args?.[key] ?? value}`);
    } else if (name === "FROM") stages.push(stageOf(filled, stages));
    else if (stage === undefined) continue;
    else if (name === "WORKDIR") folder = resolve(folder, filled.trim());
    else if (name === "COPY" || name === "ADD") stage.copies.push(...copiesOf(filled, context, folder));
    else if (name === "ENTRYPOINT") stage.entrypoint = wordsOf(filled);
    else if (name === "CMD") stage.command = wordsOf(filled);
    if (stages.length > maxStages) return undefined;
  }
  return stages.find(({ name }) => target !== undefined && name === target) ?? stages.at(-1);
}

/** The instructions of a Dockerfile, with lines joined that end in a backslash. */
function instructionsIn(text: string): [name: string, rest: string][] {
  const whole = text.replace(/^\s*#.*$/gm, "").replace(/\\\s*\n/g, " ");
  return [...whole.matchAll(/^\s*([A-Za-z]+)\s+(.+)$/gm)].map(([, name, rest]) => [
    name!.toUpperCase(),
    rest!.trim(),
  ]);
}

/** A stage has what the stage has that it is made from. */
function stageOf(text: string, stages: readonly Stage[]): Stage {
  const [, from = "", name] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(text) ?? [];
  const before = stages.find((stage) => stage.name === from);
  const { base, copies, entrypoint, command } = before ?? {
    base: from === "scratch" ? undefined : from,
    copies: [],
    entrypoint: undefined,
    command: undefined,
  };
  return { name, base, copies: [...copies], entrypoint, command };
}

function copiesOf(text: string, context: string, folder: string): BuiltImage["copies"] {
  if (/--from=/.test(text)) return [];
  const words = wordsOf(text.replace(/^(?:--\S+\s+)+/, ""));
  const target = words.pop();
  if (target === undefined) return [];
  const whole = resolve(folder, target);
  const isFolder = target.endsWith("/") || words.length > 1 || target === ".";
  return words.map((source) => ({
    source: join(context, source),
    target: isFolder && /\.\w+$/.test(source) ? join(whole, basename(source)) : whole,
  }));
}

/** The words of an instruction in the form of a shell's or of JSON. */
function wordsOf(text: string): string[] {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words)) return words.map(String);
  } catch {
    // The other form.
  }
  return text.split(/\s+/).filter((word) => word !== "");
}
