import type { Argument, Command, Option } from "commander";

/** One completion of a word, with its description. */
export interface Candidate {
  value: string;
  description?: string;
}

/** What may be at the cursor: words, and in addition paths. */
export interface Completion {
  candidates: Candidate[];
  paths: "files" | "folders" | "none";
}

/** A place on the command line that takes a value. */
export interface ValuePlace {
  /** `run`, or `images build`. */
  command: string;
  /** `--pipeline`, or the name of an argument, as in `scenario`. */
  name: string;
  /** The name of the value in the help: the name of the argument, or the text in `<>` after the option. */
  placeholder: string;
  /** The word as far as it is typed. */
  current: string;
  /** The last value of each option before it. */
  options: ReadonlyMap<string, string>;
  /** The arguments before it. */
  operands: string[];
}

/** Returns the values for a place; undefined if it knows none. */
export type ValueSource = (place: ValuePlace) => Promise<Completion | undefined>;

/** What the words before the cursor mean. */
interface Position {
  command: Command;
  path: string[];
  operands: string[];
  options: Map<string, string>;
  /** An option whose value is the next word. */
  awaiting: Option | undefined;
  /** After `--` nothing is an option. */
  onlyOperands: boolean;
}

/**
 * The possible completions of the last word, from the commands, options and arguments of a program. Each completion begins with what
 * is typed.
 *
 * @param words what follows the program's name, up to the cursor; the last may be empty
 * @param values knows the possible values of options and arguments that declare no choices
 */
export async function completionOf(
  program: Command,
  words: string[],
  values: ValueSource,
): Promise<Completion> {
  const current = words.at(-1) ?? "";
  const position = positionAfter(program, words.slice(0, -1));
  const found = await completionAt(position, current, values);
  return { ...found, candidates: found.candidates.filter(({ value }) => value.startsWith(current)) };
}

async function completionAt(position: Position, current: string, values: ValueSource): Promise<Completion> {
  const { command, awaiting, onlyOperands, operands } = position;
  const isOption = current.startsWith("-") && !onlyOperands;
  if (awaiting !== undefined && !(awaiting.variadic && isOption))
    return valuesOf(awaiting, position, current, values);
  const [, long, begun] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (long !== undefined && isOption) {
    const option = optionOf(command, long);
    if (option === undefined) return nothing;
    const { candidates, paths } = await valuesOf(option, position, begun!, values);
    return { candidates: candidates.map((one) => ({ ...one, value: `${long}=${one.value}` })), paths };
  }
  if (isOption) return { candidates: optionsOf(command), paths: "none" };
  const commands = operands.length === 0 ? commandsOf(command) : [];
  const argument = command.registeredArguments[operands.length] ?? variadicOf(command);
  const found = argument === undefined ? nothing : await valuesOf(argument, position, current, values);
  return { ...found, candidates: [...commands, ...found.candidates] };
}

const nothing: Completion = { candidates: [], paths: "none" };

function positionAfter(program: Command, words: string[]): Position {
  const position: Position = {
    command: program,
    path: [],
    operands: [],
    options: new Map(),
    awaiting: undefined,
    onlyOperands: false,
  };
  for (const word of words) advance(position, word);
  return position;
}

function advance(position: Position, word: string): void {
  const { command, awaiting, onlyOperands, operands } = position;
  if (awaiting !== undefined && !(awaiting.variadic && word.startsWith("-"))) {
    position.options.set(nameOf(awaiting), word);
    if (!awaiting.variadic) position.awaiting = undefined;
    return;
  }
  position.awaiting = undefined;
  if (onlyOperands || !word.startsWith("-")) {
    const next = operands.length === 0 && !onlyOperands ? commandNamed(command, word) : undefined;
    if (next === undefined) operands.push(word);
    else Object.assign(position, { command: next, path: [...position.path, next.name()] });
    return;
  }
  if (word === "--") {
    position.onlyOperands = true;
    return;
  }
  const [flag, value] = word.split(/=(.*)/s, 2) as [string, string | undefined];
  const option = optionOf(command, flag);
  if (option === undefined) return;
  if (value !== undefined) position.options.set(nameOf(option), value);
  else if (option.required || option.optional) position.awaiting = option;
}

function commandsOf(command: Command): Candidate[] {
  const commands = command.createHelp().visibleCommands(command);
  return commands.map((one) => ({ value: one.name(), description: one.description() }));
}

function commandNamed(command: Command, name: string): Command | undefined {
  const commands = command.createHelp().visibleCommands(command);
  return commands.find((one) => one.name() === name || one.aliases().includes(name));
}

function optionsOf(command: Command): Candidate[] {
  const options = command.createHelp().visibleOptions(command);
  return options.map((option) => ({ value: nameOf(option), description: option.description }));
}

function optionOf(command: Command, flag: string): Option | undefined {
  const options = command.createHelp().visibleOptions(command);
  return options.find(({ long, short }) => long === flag || short === flag);
}

function variadicOf(command: Command): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return last?.variadic ? last : undefined;
}

function nameOf(option: Option): string {
  return option.long ?? option.short!;
}

async function valuesOf(
  place: Option | Argument,
  { path, options, operands }: Position,
  current: string,
  values: ValueSource,
): Promise<Completion> {
  const { argChoices } = place;
  if (argChoices !== undefined) return { candidates: argChoices.map((value) => ({ value })), paths: "none" };
  const isOption = "flags" in place;
  const name = isOption ? nameOf(place) : place.name();
  const placeholder = isOption ? (/[<[]([^\].>]+)/.exec(place.flags)?.[1] ?? "") : name;
  const wanted = { command: path.join(" "), name, placeholder, current, options, operands };
  return (await values(wanted)) ?? { candidates: [], paths: pathsOf(placeholder) };
}

/** Decided by the name in the help: a value that is a path is named so. */
function pathsOf(placeholder: string): Completion["paths"] {
  if (/\b(dir|folder)\b/.test(placeholder)) return "folders";
  return /\b(file|source|observed)\b/.test(placeholder) ? "files" : "none";
}
