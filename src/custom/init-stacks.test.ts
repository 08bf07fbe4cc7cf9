import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { readCompose } from "../places/compose/compose-model.ts";
import { composeChoice } from "./compose-choice.ts";
import { configText } from "./config-text.ts";
import { guess } from "./guess-config.ts";

/** A stack of `fixtures/init`: its files, how `init` is called, and what it has to write. */
interface Stack {
  files: Record<string, string>;
  options?: { file?: string[]; envFile?: string[]; profile?: string[] };
  /** The configuration, without what is the same in all of them. */
  writes: Record<string, unknown>;
  /** What stands in its comments. */
  says?: string[];
}

const stacks = join(import.meta.dirname, "../../fixtures/init");
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "everyline-init-"));
});

afterAll(() => rm(root, { recursive: true }));

const names = (await readdir(stacks)).map((name) => name.replace(/\.yaml$/, ""));

it.concurrent.each(names)("init of %s writes what is right", async (name) => {
  const {
    files,
    options = {},
    writes,
    says = [],
  } = parse(await readFile(join(stacks, `${name}.yaml`), "utf8")) as Stack;
  const folder = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const envFiles = (options.envFile ?? []).map((path) => join(folder, path));
  const taken = await composeChoice(folder, undefined, options, {});
  const guessed = await guess(await readCompose(taken, folder, envFiles), options.profile);
  const named = taken.map((path) => relative(folder, path));
  const text = configText(named, guessed, { envFiles: options.envFile, profiles: options.profile });
  const { bounds, ...written } = parse(text);
  expect(bounds).toEqual({ lost: 0 });
  expect(written).toEqual(writes);
  for (const part of says) expect(text).toContain(part);
  // What is not named above is not said, so that a note which does not apply is found.
  expect(guessed.notes.filter((note) => !says.some((part) => note.includes(part)))).toEqual([]);
});

const written = join(import.meta.dirname, "../../fixtures/stacks");

it.concurrent.each(await readdir(written))(
  "init finds the parts of %s as whoever wrote its configuration",
  async (name) => {
    const folder = join(written, name);
    const { source, shipper, loki } = parse(await readFile(join(folder, "everyline.config.yaml"), "utf8"));
    const guessed = await guess(await readCompose(await composeChoice(folder, undefined, {}, {}), folder));
    expect(guessed.shipper.value).toBe(shipper.service);
    const { line: _, stdout, ...places } = source;
    expect(guessed.source.value).toMatchObject(places);
    expect("stdout" in guessed.source.value!).toBe(stdout !== undefined);
    const { service, port } = guessed.loki!;
    expect(`http://${service}:${port}`).toBe(loki.url);
  },
);
