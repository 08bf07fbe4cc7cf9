import { createReadStream, createWriteStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { formatBytes } from "../src/base/format-bytes.ts";
import { grouped } from "../src/report/describe.ts";
import type { Benchmark, BenchmarkOptions, Row, Side } from "./benchmark.ts";
import { ledgerOfStream } from "./line-stream.ts";
import { measured } from "./measure.ts";
import { type Contender, sideBySide, timesAsFast } from "./side-by-side.ts";

const fullLines = 5_000_000;
const linesInJson = 2_000_000;
const hostCount = 8;
const linesOfHost = 10_000_000;
const linesInMemory = [1_000_000, 10_000_000, 100_000_000];
const lineStream = join(import.meta.dirname, "line-stream.ts");

/** `verify` of raw lines and of what logcli and Docker export, beside what a shell does in its place. */
export const verifySpeed: Benchmark = {
  name: "verify",
  question: "How fast is every byte of an export compared with what was written?",
  async run(options) {
    return [
      ...(await inFileOrder(options)),
      ...(await shuffled(options)),
      ...(await inJson(options)),
      await ofManyHosts(options),
      ...(await memory(options)),
    ];
  },
};

async function inFileOrder(options: BenchmarkOptions): Promise<Row[]> {
  const lines = Math.ceil(fullLines * options.scale);
  const input = await generated("in-order", lines, 1, options);
  const file = "in-order/app-1.log";
  const [subject, sort, byBytes, count] = await sideBySide(
    [
      verifying(["in-order"], [file], lines),
      { command: sorting(file) },
      { command: sortingBytes(file) },
      { command: `wc -l ${file}` },
    ],
    options,
  );
  const side = subject as Side;
  const row = { input: input.text, repeats: options.repeats, subject: side };
  return [
    {
      ...row,
      what: "lines in file order, against `sort`",
      peer: sort!,
      figure: { value: timesAsFast(side, sort!), unit: "times as fast", wanted: { atLeast: 2 } },
    },
    {
      ...row,
      what: "lines in file order, against `sort` of bytes",
      peer: byBytes!,
      figure: { value: timesAsFast(side, byBytes!), unit: "times as fast" },
    },
    {
      ...row,
      what: "lines in file order, against the floor",
      peer: count!,
      figure: { value: timesAsFast(side, count!), unit: "times as fast" },
    },
    {
      ...row,
      what: "bytes of lines in file order",
      figure: { value: input.bytes / 1e9 / side.seconds, unit: "GB/s", wanted: { atLeast: 1 } },
    },
    {
      ...row,
      what: "memory for lines in file order",
      figure: { value: (side.peakBytes ?? 0) / 1e6, unit: "MB", wanted: { atMost: 256 } },
    },
  ];
}

async function shuffled(options: BenchmarkOptions): Promise<Row[]> {
  const lines = Math.ceil(fullLines * options.scale);
  const input = await generated("shuffled", lines, 4, options);
  options.tell("shuffling");
  await measured(
    "cat shuffled/app-*.log | shuf --random-source=<(yes) > shuffled/all && rm shuffled/app-*.log",
    options.folder,
  );
  const [subject, sort, byBytes] = await sideBySide(
    [
      verifying(["shuffled"], ["shuffled/all"], lines),
      { command: sorting("shuffled/all") },
      { command: sortingBytes("shuffled/all") },
    ],
    options,
  );
  const side = subject as Side;
  const row = { input: input.text, repeats: options.repeats, subject: side };
  return [
    {
      ...row,
      what: "lines of 4 sources, shuffled, against `sort`",
      peer: sort!,
      figure: { value: timesAsFast(side, sort!), unit: "times as fast", wanted: { atLeast: 5 } },
    },
    {
      ...row,
      what: "lines of 4 sources, shuffled, against `sort` of bytes",
      peer: byBytes!,
      figure: { value: timesAsFast(side, byBytes!), unit: "times as fast" },
    },
  ];
}

/** As the locale of most machines has it. */
const sorting = (file: string) => `LC_ALL=C.UTF-8 sort -u ${file} | wc -l`;
/** Without any rules of a language, which takes two thirds of the time. */
const sortingBytes = (file: string) => `LC_ALL=C sort -u ${file} | wc -l`;

async function inJson(options: BenchmarkOptions): Promise<Row[]> {
  const lines = Math.ceil(linesInJson * options.scale);
  await generated("json", lines, 1, options);
  const rows: Row[] = [];
  for (const { name, wrap, jq } of jsonExports) {
    options.tell(`writing ${name}`);
    const file = `json/${name}`;
    const bytes = await wrappedLines(
      join(options.folder, "json/app-1.log"),
      join(options.folder, file),
      wrap,
    );
    const [subject, peer] = await sideBySide(
      [
        verifying(["json"], [file], lines),
        { command: `${jq} ${file} | LC_ALL=C.UTF-8 sort -u | wc -l`, needs: ["jq"] },
      ],
      options,
    );
    rows.push({
      what: `${name}, against \`jq\` and \`sort\``,
      input: sizeText(lines, bytes),
      repeats: options.repeats,
      subject: subject as Side,
      peer: peer!,
      figure: { value: timesAsFast(subject as Side, peer!), unit: "times as fast", wanted: { atLeast: 10 } },
    });
  }
  return rows;
}

/** What Go's encoder of JSON makes of a string. */
const goString = (text: string) =>
  JSON.stringify(text).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);

const timeOf = (index: number) => new Date(1_800_000_000_000 + index).toISOString().replace("Z", "123456Z");

const jsonExports = [
  {
    name: "logcli.jsonl",
    wrap: (line: string, index: number) =>
      `{"labels":{"filename":"/logs/app-1.log","job":"shop"},"line":${goString(line)},"timestamp":"${timeOf(index)}"}`,
    jq: "jq -r .line",
  },
  {
    name: "docker-json.log",
    wrap: (line: string, index: number) =>
      `{"log":${goString(`${line}\n`)},"stream":"stdout","time":"${timeOf(index)}"}`,
    jq: "jq -j .log",
  },
];

/** Writes each line of a file in another form, and says how many bytes that took. */
async function wrappedLines(
  from: string,
  to: string,
  wrap: (line: string, index: number) => string,
): Promise<number> {
  async function* wrapped() {
    let text = "";
    let index = 0;
    for await (const line of createInterface(createReadStream(from))) {
      text += `${wrap(line, index++)}\n`;
      if (text.length < 1_048_576) continue;
      yield text;
      text = "";
    }
    yield text;
  }
  await pipeline(wrapped, createWriteStream(to));
  return (await stat(to)).size;
}

/** Lines in a folder of that name, and their size. */
async function generated(
  name: string,
  lines: number,
  sources: number,
  { folder, tell }: BenchmarkOptions,
): Promise<{ text: string; bytes: number }> {
  tell(`generating ${grouped(lines)} lines`);
  await measured(
    `everyline generate --lines ${lines} --sources ${sources} --seed bench --out ${name}`,
    folder,
  );
  const sizes = Array.from({ length: sources }, async (_, index) =>
    stat(join(folder, name, `app-${index + 1}.log`)),
  );
  const bytes = (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
  return { text: sizeText(lines, bytes), bytes };
}

const sizeText = (lines: number, bytes: number) => `${grouped(lines)} lines, ${formatBytes(bytes)}`;

async function ofManyHosts(options: BenchmarkOptions): Promise<Row> {
  const lines = Math.ceil(linesOfHost * options.scale);
  const hosts = Array.from({ length: hostCount }, (_, index) => `host-${index + 1}`);
  options.tell(`generating in ${hostCount} processes`);
  const generate = (host: string) =>
    `everyline generate --lines ${lines} --seed ${host} --out ${host} --json &`;
  await measured(`${hosts.map(generate).join(" ")} wait`, options.folder);
  const files = hosts.map((host) => `${host}/app-1.log`);
  const sizes = await Promise.all(files.map((file) => stat(join(options.folder, file))));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  const [subject] = await sideBySide([verifying(hosts, files, hostCount * lines)], options);
  return {
    what: `ledgers and exports of ${hostCount} hosts`,
    input: sizeText(hostCount * lines, bytes),
    repeats: options.repeats,
    subject: subject as Side,
    figure: { value: bytes / 1e9 / (subject as Side).seconds, unit: "GB/s" },
  };
}

/** Time and memory by the number of lines, which are written to a pipe: the most would take 19 GB of disk. */
async function memory(options: BenchmarkOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const full of linesInMemory) {
    const lines = Math.ceil(full * options.scale);
    await writeFile(join(options.folder, "stream.json"), JSON.stringify(ledgerOfStream(lines)));
    const verify = verifying([], ["pipe"], lines);
    // In the background of a shell that ends, so that its memory is not counted.
    const write = `(node ${lineStream} ${lines} > pipe &)`;
    const command = `rm -f pipe && mkfifo pipe && ${write} && ${verify.command} --ledger stream.json`;
    const [side] = await sideBySide([{ ...verify, command }], { ...options, repeats: 1 });
    rows.push({
      what: "memory for lines from a pipe",
      input: `${grouped(lines)} lines`,
      repeats: 1,
      subject: { ...(side as Side), command: command.replace(lineStream, "bench/line-stream.ts") },
      figure: { value: (side as Side).peakBytes! / 1e6, unit: "MB", wanted: { atMost: 256 } },
    });
  }
  return rows;
}

/** `verify` of exports that have every line of some folders once. */
function verifying(folders: readonly string[], files: readonly string[], lines: number): Contender {
  const ledgers = folders.map((folder) => `--ledger ${folder}/ledger.json `).join("");
  return {
    command: `everyline verify ${ledgers}${files.join(" ")} --json`,
    prove(stdout) {
      const { verdict, read } = JSON.parse(stdout);
      if (verdict !== "holds" || read.lines !== lines)
        throw new Error(`expected ${lines} lines that hold, got ${stdout.slice(0, 500)}`);
    },
  };
}
