import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { UnavailableError } from "../src/base/errors.ts";
import { formatBytes } from "../src/base/format-bytes.ts";
import { grouped } from "../src/report/describe.ts";
import type { Benchmark, BenchmarkOptions, Row, Side } from "./benchmark.ts";
import { type Contender, sideBySide, timesAsFast } from "./side-by-side.ts";
import { tcpSink } from "./tcp-sink.ts";

const fullLines = 10_000_000;
const linesInFile = 5_000_000;
const linesOfShell = 1_000_000;
const memoryLines = [1_000_000, 10_000_000, 100_000_000];
/** What a line of `generate` has on average, with its newline. */
const lineBytes = 191;
const fewestLineBytes = 150;
/** How much more memory the most lines may take than the fewest; a heap is not collected at the same size each time. */
const mostGrowth = 1.2;

/** `generate` beside loggen and a loop in the shell, and the memory that it takes. */
export const generateSpeed: Benchmark = {
  name: "generate",
  question: "How fast are numbered lines written, with their ledger?",
  async run(options) {
    return [
      ...(await besideSender(options)),
      await besideFile(options),
      await besideShell(options),
      ...(await memory(options)),
    ];
  },
};

async function besideSender(options: BenchmarkOptions): Promise<Row[]> {
  const lines = Math.ceil(fullLines * options.scale);
  await using sink = await tcpSink();
  const [subject, peer] = await sideBySide([generating(lines, options), sending(lines, sink.port)], options);
  const side = subject as Side;
  const row = { input: inputOf(lines), repeats: options.repeats, subject: side };
  return [
    {
      ...row,
      what: "lines into a file, for each second of a processor",
      figure: { value: lines / side.cpuSeconds!, unit: "lines/s a core", wanted: { atLeast: 2_000_000 } },
    },
    {
      ...row,
      what: "lines into a file, against loggen to a TCP sink that throws them away",
      peer: peer!,
      figure: { value: timesAsFast(side, peer!), unit: "times as fast", wanted: { atLeast: 2 } },
    },
  ];
}

async function besideFile(options: BenchmarkOptions): Promise<Row> {
  const lines = Math.ceil(linesInFile * options.scale);
  await using sink = await tcpSink(join(options.folder, "sent.log"));
  const [subject, peer] = await sideBySide([generating(lines, options), sending(lines, sink.port)], options);
  return {
    what: "lines into a file, against loggen to a TCP sink that writes them to a file",
    input: inputOf(lines),
    repeats: options.repeats,
    subject: subject as Side,
    peer: peer!,
    figure: { value: timesAsFast(subject as Side, peer!), unit: "times as fast", wanted: { atLeast: 2 } },
  };
}

async function besideShell(options: BenchmarkOptions): Promise<Row> {
  const lines = Math.ceil(linesOfShell * options.scale);
  const loop = `for ((i = 1; i <= ${lines}; i++)); do printf '{"id":"%d","message":"Test log %d ${"word ".repeat(30)}"}\\n' $i $i; done > loop.log`;
  const [subject, peer] = await sideBySide([generating(lines, options), { command: loop }], options);
  return {
    what: "lines into a file, against a loop in bash",
    input: inputOf(lines),
    repeats: options.repeats,
    subject: subject as Side,
    peer: peer!,
    figure: { value: timesAsFast(subject as Side, peer!), unit: "times as fast" },
  };
}

/** Whether the memory grows with the number of lines. */
async function memory(options: BenchmarkOptions): Promise<Row[]> {
  const measured: { input: string; side: Side }[] = [];
  for (const full of memoryLines) {
    const lines = Math.ceil(full * options.scale);
    measured.push({ input: inputOf(lines), side: await givingBack(lines, options) });
  }
  const rows = measured.map(({ input, side }): Row => {
    const figure = { value: side.peakBytes! / 1e6, unit: "MB" };
    return { what: "memory", input, repeats: 1, subject: side, figure };
  });
  const [fewest, most] = [measured.at(0)!, measured.at(-1)!];
  const growth = {
    what: `memory, against that for ${fewest.input}`,
    input: most.input,
    repeats: 1,
    subject: most.side,
    peer: fewest.side,
    figure: {
      value: most.side.peakBytes! / fewest.side.peakBytes!,
      unit: "times as much",
      wanted: { atMost: mostGrowth },
    },
  };
  return [...rows, growth];
}

/** `generate` while what is written of its file is given back to the disk, because the largest one would have 19 GB. */
async function givingBack(lines: number, options: BenchmarkOptions): Promise<Side> {
  const whole = generating(lines, options);
  const punching = "fallocate --punch-hole --offset 0 --length 1TB out/app-1.log 2>/dev/null";
  const command = `${whole.command} & while kill -0 $! 2>/dev/null; do ${punching}; sleep 0.2; done; wait $!`;
  const once = { ...options, repeats: 1 };
  const [side] = await sideBySide([{ ...whole, command, needs: ["fallocate"] }], once);
  if (side === undefined || "missing" in side)
    throw new UnavailableError(`the memory of generate cannot be measured: ${side?.missing}.`);
  return side;
}

/** `generate` into a folder, which is removed before the next command runs. */
function generating(lines: number, { folder }: BenchmarkOptions): Contender {
  return {
    command: `everyline generate --lines ${lines} --seed bench --out out --json`,
    prove(stdout) {
      const said = JSON.parse(stdout);
      const { size } = statSync(join(folder, "out/app-1.log"));
      if (said.lines !== lines || size < lines * fewestLineBytes)
        throw new Error(`expected ${lines} lines in a file, got ${size} bytes and ${stdout}`);
      rmSync(join(folder, "out"), { recursive: true });
    },
  };
}

/** loggen to a port of this machine, as fast as it can. */
function sending(lines: number, port: number): Contender {
  return {
    command: `loggen --inet --stream --rate 100000000 --number ${lines} --size ${lineBytes} --interval 600 127.0.0.1 ${port} 2>&1`,
    needs: ["loggen"],
    prove(stdout) {
      if (!stdout.includes(`count=${lines},`))
        throw new Error(`expected ${lines} messages, got ${stdout.slice(-500)}`);
    },
  };
}

const inputOf = (lines: number) => `${grouped(lines)} lines, ${formatBytes(lines * lineBytes)}`;
