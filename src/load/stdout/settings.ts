import { codecFor, type LineClock, type LineShape, maxSequence, parseSeed, parseSource } from "../line.ts";
import { frameOf } from "../line-frame.ts";

/** The settings of a generator in a container, from its environment. */
export interface StdoutSettings {
  /** `PORT`: where it takes commands. */
  port: number;
  /** `SOURCE`: the name in its lines. */
  source: string;
  /** `SEED`: of the run. */
  seed: string;
  /** `CLOCK`: a `LineClock` as JSON; when which line is due. */
  clock: LineClock;
  /** `LINE`: the template of its lines; Everyline's own JSON if the variable is not set. */
  line?: LineShape | undefined;
  /** `LINES`: how many lines to write, unless it is told to end earlier. */
  lines: number;
  /** `LEDGER_DIR`: the folder in which it records its progress. */
  ledgerFolder: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings.
 *
 * @throws Error naming the first invalid variable, and what was expected
 */
export function readStdoutSettings(environment: Environment): StdoutSettings {
  const settings: StdoutSettings = {
    port: wholeNumber(environment, "PORT", 1, 65_535),
    source: given(environment, "SOURCE", parseSource),
    seed: given(environment, "SEED", parseSeed),
    clock: given(environment, "CLOCK", parseClock),
    line: environment.LINE === undefined ? undefined : given(environment, "LINE", parseShape),
    lines: wholeNumber(environment, "LINES", 0, maxSequence),
    ledgerFolder: given(environment, "LEDGER_DIR", (text) => text),
  };
  // A clock must give every line of the load a time.
  const codec = codecFor(settings);
  for (const sequence of [0, 1, settings.lines])
    given(environment, "CLOCK", () => codec.encode(settings.source, sequence));
  return settings;
}

function given<Value>(environment: Environment, name: string, parse: (text: string) => Value): Value {
  const text = environment[name];
  if (text === undefined || text === "") throw new Error(`${name} is required`);
  try {
    return parse(text);
  } catch (thrown) {
    throw new Error(`${name}=${JSON.stringify(text)}: ${(thrown as Error).message}`);
  }
}

function wholeNumber(environment: Environment, name: string, least: number, most: number): number {
  return given(environment, name, (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new Error(`expected a whole number from ${least} to ${most}`);
  });
}

function parseShape(template: string): LineShape {
  frameOf(template);
  return { template };
}

function parseClock(text: string): LineClock {
  const clock = JSON.parse(text) as LineClock | null;
  if (Number.isFinite(clock?.epochMs) && (clock?.linesPerSecond ?? 0) > 0) return clock!;
  throw new Error('expected {"epochMs":NUMBER,"linesPerSecond":NUMBER}');
}
