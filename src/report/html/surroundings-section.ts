import type { VNode } from "preact";
import { formatBytes } from "../../base/format-bytes.ts";
import { programName } from "../../base/installation.ts";
import type { RunDocument } from "../../judge/run-document.ts";
import { describeLines } from "../describe-lines.ts";
import type { ReportedEvent, ReportedFile } from "../reported-run.ts";
import { cut, details, table, within } from "./components.ts";
import { html } from "./markup.ts";

const maxFiles = 40;
const maxFileCharacters = 24_000;
const maxFilesCharacters = 80_000;
const maxImages = 60;

/** The pipeline's files as they were started. */
export function configuration(files: ReportedFile[]): VNode {
  const limits = { items: maxFiles, characters: maxFilesCharacters };
  const { shown, omitted } = within(files, limits, ({ text }) => Math.min(text.length, maxFileCharacters));
  if (files.length === 0) return html`<p>The run's folder holds no files of the pipeline.</p>`;
  return html`<div>
    <p>The pipeline's files as they were started, secrets taken out; in the run's folder under <code>pipeline/</code>.</p>
    ${shown.map(({ name, text, bytes }) => {
      const isCut = text.length > maxFileCharacters || Buffer.byteLength(text) < bytes;
      const note = isCut
        ? `, the first ${formatBytes(Math.min(text.length, maxFileCharacters))} are shown`
        : "";
      return details(
        html`<span><code>${name}</code> <span class="muted">${formatBytes(bytes)}${note}</span></span>`,
        html`<pre tabindex="0" aria-label=${name}>${cut(text, maxFileCharacters)}</pre>`,
      );
    })}
    ${omitted > 0 && html`<p>${omitted} more files are in the folder only.</p>`}
  </div>`;
}

/** What containers the run was made of. */
export function images({ images }: RunDocument): VNode {
  const rows = images
    .slice(0, maxImages)
    .map(({ service, reference, version, origin, id }) => [
      service,
      html`<code>${reference}</code>`,
      version,
      origin,
      html`<code title=${id}>${id.replace("sha256:", "").slice(0, 12)}</code>`,
    ]);
  const titles = ["service", "image", "version", "origin", "id"];
  const omitted = images.length - rows.length;
  return html`<div>
    ${table(
      "Images",
      titles.map((title) => ({ title })),
      rows,
    )}
    ${omitted > 0 && html`<p>${omitted} more are in run.json.</p>`}
  </div>`;
}

/** The machine, and how long each part of the run took. */
export function environment(run: RunDocument): VNode {
  const { environment, timings } = run;
  const { layout, seed } = run.plan;
  const { engine, api, kernel, cpus, memoryBytes, node } = environment;
  const { upSeconds, loadSeconds, readSeconds, totalSeconds } = timings;
  const lines = describeLines(run);
  const facts: [string, string][] = [
    ["engine", `Docker ${engine} (API ${api})`],
    ["machine", `${cpus} CPUs, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB, kernel ${kernel}`],
    ["Node", node],
    ["layout", layout],
    ["seed", seed ?? "–"],
    ...(lines === undefined ? [] : [["lines", lines] satisfies [string, string]]),
    [
      "took",
      `${totalSeconds.toFixed(1)} s: up ${upSeconds.toFixed(1)} s, load ${loadSeconds.toFixed(1)} s, reading back ${readSeconds.toFixed(1)} s`,
    ],
  ];
  return html`<dl class="facts">
    ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

/** The command that carries out the run again. */
export function repetition(run: RunDocument, journal: ReportedEvent[]): VNode {
  const { plan } = run;
  const told = journal.find(({ event }) => event === "run-started")?.repeatWith;
  const recorded = plan.command ?? (isWords(told) ? told : undefined);
  const { scenario, pipeline, layout, seed } = plan;
  const seeded = seed === null ? [] : ["--seed", seed];
  const words = recorded ?? ["run", scenario, "--pipeline", pipeline, "--layout", layout, ...seeded];
  const note = recorded
    ? "The same scenario with the same lines; what a part does under a fault may differ from run to run."
    : "This run did not record how it was called: options beside these, such as other lines or another rate, are left out.";
  return html`<div>
    <pre class="command" tabindex="0" aria-label="Command">${[programName, ...words.map(quoted)].join(" ")}</pre>
    <p class="muted">${note}</p>
  </div>`;
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((word) => typeof word === "string");
}

/** For a shell. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
