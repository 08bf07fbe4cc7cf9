import type { Candidate, Completion, ValuePlace } from "./candidates.ts";

/** Loaded only when needed, because a completion has to be fast. */
type Source = (place: ValuePlace) => Promise<Candidate[]>;

/** By the name of an option, or of an argument in the help. A place that is missing here has choices, a path, or nothing to offer. */
const sources: Record<string, { of: Source; paths?: Completion["paths"] }> = {
  scenario: { of: scenarios },
  "--scenario": { of: scenarios },
  "--pipeline": { of: pipelines },
  "--layout": { of: layouts },
  image: { of: images },
  "--image": { of: imageNames },
  run: { of: runs, paths: "folders" },
  "--run": { of: runs, paths: "folders" },
};

/** The values of the options and arguments of Everyline's commands: scenarios, pipelines, layouts, images, stored runs. */
export async function valuesAt(place: ValuePlace): Promise<Completion | undefined> {
  const source = sources[place.name];
  if (source === undefined) return undefined;
  return { candidates: await source.of(place), paths: source.paths ?? "none" };
}

/** Each name that `everyline run` takes. The names that `all` leaves out are offered only after their first letters, because they are many. */
async function scenarios({ current }: ValuePlace): Promise<Candidate[]> {
  const { casesOf, isOfTheDocument, loadScenarios } = await import("../../plan/scenario.ts");
  const all = await loadScenarios();
  const shown = all.filter(
    (scenario) => isOfTheDocument(scenario) || current.startsWith(scenario.name.split("/")[0]!),
  );
  const cases = shown.flatMap(casesOf).map(({ name, summary }) => ({ value: name, description: summary }));
  const known = new Set(cases.map(({ value }) => value));
  const groups = new Set(all.flatMap(({ name, cases }) => [...foldersOf(name), ...groupOf(name, cases)]));
  const others = [...groups]
    .filter((name) => !known.has(name))
    .map((value) => ({ value, description: "all of them" }));
  return [{ value: "all", description: "every promise of the reference architecture" }, ...others, ...cases];
}

function foldersOf(name: string): string[] {
  const parts = name.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

function groupOf(name: string, cases: object): string[] {
  return name.includes("/") || Object.keys(cases).length === 1 ? [] : [name];
}

async function pipelines({ command }: ValuePlace): Promise<Candidate[]> {
  const { eachPipeline } = await import("../../plan/choose-runs.ts");
  const all = await describedPipelines();
  const each =
    command === "run"
      ? [{ value: eachPipeline, description: "every pipeline that the scenario has a claim for" }]
      : [];
  return [...each, ...all.map(({ name, title }) => ({ value: name, description: title }))];
}

/** The layouts of the pipeline that is named before; of all pipelines if none is. */
async function layouts({ options }: ValuePlace): Promise<Candidate[]> {
  const named = options.get("--pipeline");
  const all = (await describedPipelines()).filter(({ name }) => named === undefined || name === named);
  const titles = new Map(all.flatMap(({ layouts }) => layouts).map(({ name, title }) => [name, title]));
  return [...titles].map(([value, description]) => ({ value, description }));
}

async function describedPipelines() {
  const { describePipeline, listPipelines } = await import("../../pipeline/pipeline.ts");
  const names = await listPipelines();
  return Promise.all(names.map(async (name) => ({ name, ...(await describePipeline(name)) })));
}

async function images(): Promise<Candidate[]> {
  const { labelOf, readCatalogue } = await import("../../places/images/catalogue.ts");
  const catalogue = await readCatalogue();
  const names = new Set([...catalogue.map(({ name }) => name), ...catalogue.map(labelOf)]);
  return [...names].map((value) => ({ value }));
}

/** `NAME=`, followed by the versions that can be provided. */
async function imageNames({ current }: ValuePlace): Promise<Candidate[]> {
  const { readCatalogue } = await import("../../places/images/catalogue.ts");
  const catalogue = await readCatalogue();
  if (current.includes("=")) return catalogue.map(({ name, version }) => ({ value: `${name}=${version}` }));
  return [...new Set(catalogue.map(({ name }) => `${name}=`))].map((value) => ({ value }));
}

/** The newest first. */
async function runs({ options }: ValuePlace): Promise<Candidate[]> {
  const { storedIds } = await import("../../store/run-reference.ts");
  const ids = await storedIds({ reportsFolder: options.get("--out") ?? "reports" });
  return ids.reverse().map((value) => ({ value }));
}
