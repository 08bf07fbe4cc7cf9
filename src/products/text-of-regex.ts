const maxExpressionLength = 2_000;
const maxRepeats = 64;
/** What stands for a character that only a class describes; the first that fits. */
const candidates = ["x", "1", "A", " ", "-", ":", '"', "[", "]", "/", ".", ",", "="];

/** A regular expression of Go as one of JavaScript; undefined if this is not possible. */
export function regexOf(expression: string): RegExp | undefined {
  const [, flags = "", rest = expression] = /^\(\?([ims]+)\)(.*)$/s.exec(expression) ?? [];
  if (expression.length > maxExpressionLength) return undefined;
  try {
    return new RegExp(rest.replaceAll("(?P<", "(?<"), flags);
  } catch {
    return undefined;
  }
}

/**
 * A text that a regular expression matches, where each named group is what the caller wants there, if it wants something.
 *
 * @param textOf by the name of a group; undefined for a text that is made up
 * @returns undefined if the expression has parts that are not known here; whether the text really matches is for the caller to check
 */
export function textOfRegex(
  expression: string,
  textOf: (group: string) => string | undefined,
): string | undefined {
  if (expression.length > maxExpressionLength) return undefined;
  const reader = new RegexReader(expression.replace(/^\(\?[ims]+\)/, ""), textOf);
  const text = reader.alternatives();
  return reader.isDone && !reader.isLost ? text : undefined;
}

/** Reads an expression from left to right and makes a text of it on the way. */
class RegexReader {
  readonly #expression: string;
  readonly #textOf: (group: string) => string | undefined;
  #at = 0;
  /** Whether something was found that is not known here. */
  isLost = false;
  /** The number of named groups so far. */
  #groups = 0;

  constructor(expression: string, textOf: (group: string) => string | undefined) {
    this.#expression = expression;
    this.#textOf = textOf;
  }

  get isDone(): boolean {
    return this.#at >= this.#expression.length;
  }

  /** The text of the first of some alternatives. */
  alternatives(): string {
    const first = this.#sequence();
    while (this.#takes("|")) this.#sequence();
    return first;
  }

  #sequence(): string {
    let text = "";
    while (!this.isDone && !"|)".includes(this.#next)) {
      const groupsBefore = this.#groups;
      const one = this.#atom();
      const least = this.#quantifier();
      const hasGroup = this.#groups > groupsBefore;
      text += one.repeat(Math.min(maxRepeats, hasGroup ? Math.max(1, least) : least));
    }
    return text;
  }

  get #next(): string {
    return this.#expression[this.#at]!;
  }

  #takes(text: string): boolean {
    const isNext = this.#expression.startsWith(text, this.#at);
    if (isNext) this.#at += text.length;
    return isNext;
  }

  #match(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#at;
    const found = form.exec(this.#expression);
    if (found) this.#at += found[0].length;
    return found;
  }

  /** How often the last atom is needed at least. */
  #quantifier(): number {
    const found = this.#match(/(?:([*?])|(\+)|\{(\d+)(?:,\d*)?\})\??/y);
    if (found === null) return 1;
    const [, none, one, exactly] = found;
    if (none !== undefined) return 0;
    return one === undefined ? Number(exactly) : 1;
  }

  #atom(): string {
    const named = this.#match(/\(\?P?<(\w+)>/y);
    if (named !== null) {
      this.#groups++;
      const made = this.#group();
      return this.#textOf(named[1]!) ?? made;
    }
    if (this.#match(/\((?:\?[ims]*:)?(?!\?)/y) !== null) return this.#group();
    const group = this.#match(/\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]/y);
    if (group !== null) return this.#characterOf(group[0]);
    const escaped = this.#match(/\\(.)/sy);
    if (escaped !== null) return this.#escapeOf(escaped[1]!);
    if (this.#takes("^") || this.#takes("$")) return "";
    if (this.#takes(".")) return "x";
    if ("()*+?{".includes(this.#next)) this.isLost = true;
    return this.#expression[this.#at++]!;
  }

  #group(): string {
    const text = this.alternatives();
    if (!this.#takes(")")) this.isLost = true;
    return text;
  }

  #escapeOf(letter: string): string {
    if (/[bBAz]/.test(letter)) return "";
    if (letter === "t") return "\t";
    if (/[dDwWsS]/.test(letter)) return this.#characterOf(`\\${letter}`);
    if (/[a-zA-Z0-9]/.test(letter)) this.isLost = true;
    return letter;
  }

  #characterOf(kind: string): string {
    const form = regexOf(`^${kind}$`);
    const found = form && [...candidates, kind[1] ?? ""].find((one) => form.test(one));
    if (found === undefined) this.isLost = true;
    return found ?? "";
  }
}
