/** A value in a configuration of Alloy, as far as it is known before it runs. */
export type AlloyValue =
  | string
  | number
  | boolean
  | null
  | AlloyValue[]
  | { [key: string]: AlloyValue }
  | AlloyReference
  | AlloyUnknown;

/** What a component exports: `loki.write.default.receiver`. */
export class AlloyReference {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

/** A value that only Alloy can compute. */
export class AlloyUnknown {
  readonly isUnknown = true;
}

/** A block, such as a component `loki.write "default" { … }`. */
export interface AlloyBlock {
  name: string;
  label: string | undefined;
  attributes: Map<string, AlloyValue>;
  blocks: AlloyBlock[];
}

const maxDepth = 64;
const tokenForm =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|("(?:[^"\\\n]|\\.)*"|`[^`]*`|[A-Za-z_]\w*|\d[\w.]*|==|!=|<=|>=|&&|\|\||[{}[\](),.=:+\-*/%^<>!])/y;

/**
 * Reads a configuration of Alloy.
 *
 * @param functionOf the value of a function's call, by its name
 * @returns the whole file as a block without a name
 * @throws Error naming the line, if it does not have Alloy's syntax
 */
export function parseAlloy(
  text: string,
  functionOf: (name: string, given: AlloyValue[]) => AlloyValue,
): AlloyBlock {
  return new AlloyReader(text, functionOf).file();
}

class AlloyReader {
  readonly #tokens: { text: string; at: number }[] = [];
  readonly #text: string;
  readonly #functionOf: (name: string, given: AlloyValue[]) => AlloyValue;
  #next = 0;

  constructor(text: string, functionOf: (name: string, given: AlloyValue[]) => AlloyValue) {
    this.#text = text;
    this.#functionOf = functionOf;
    tokenForm.lastIndex = 0;
    for (let at = 0; at < text.length; at = tokenForm.lastIndex) {
      const found = tokenForm.exec(text);
      if (found === null) throw this.#wrong(at);
      if (found[1] !== undefined) this.#tokens.push({ text: found[1], at });
    }
  }

  file(): AlloyBlock {
    return this.#body({ name: "", label: undefined, attributes: new Map(), blocks: [] }, 0);
  }

  #body(block: AlloyBlock, depth: number): AlloyBlock {
    while (this.#peek() !== undefined && this.#peek() !== "}") {
      const name = this.#path();
      if (this.#takes("=")) {
        block.attributes.set(name, this.#expression(depth));
        continue;
      }
      const quoted = this.#peek()?.startsWith('"') ? (this.#literal() as string) : undefined;
      this.#expect("{");
      if (depth > maxDepth) throw this.#wrong(this.#at());
      block.blocks.push(this.#body({ name, label: quoted, attributes: new Map(), blocks: [] }, depth + 1));
      this.#expect("}");
    }
    return block;
  }

  #path(): string {
    let path = this.#identifier();
    while (this.#takes(".")) path += `.${this.#identifier()}`;
    return path;
  }

  #identifier(): string {
    const token = this.#peek() ?? "";
    if (!/^[A-Za-z_]/.test(token)) throw this.#wrong(this.#at());
    this.#next++;
    return token;
  }

  #expression(depth: number): AlloyValue {
    if (depth > maxDepth) throw this.#wrong(this.#at());
    let left = this.#operand(depth);
    for (
      let operator = this.#peek();
      operator && /^([+\-*/%^<>]|[=!<>]=|&&|\|\|)$/.test(operator);
      operator = this.#peek()
    ) {
      this.#next++;
      const right = this.#operand(depth);
      const isText = operator === "+" && typeof left === "string" && typeof right === "string";
      left = isText ? `${left}${right}` : new AlloyUnknown();
    }
    return left;
  }

  #operand(depth: number): AlloyValue {
    const token = this.#peek();
    if (token === "-" || token === "!") {
      this.#next++;
      this.#operand(depth + 1);
      return new AlloyUnknown();
    }
    if (this.#takes("(")) {
      const value = this.#expression(depth + 1);
      this.#expect(")");
      return value;
    }
    if (this.#takes("[")) return this.#list("]", depth);
    if (this.#takes("{")) return this.#object(depth);
    if (token !== undefined && /^["`\d]/.test(token)) return this.#literal();
    return this.#reference(depth);
  }

  #list(end: string, depth: number): AlloyValue[] {
    const values: AlloyValue[] = [];
    while (!this.#takes(end)) {
      values.push(this.#expression(depth + 1));
      if (!this.#takes(",")) {
        this.#expect(end);
        break;
      }
    }
    return values;
  }

  #object(depth: number): { [key: string]: AlloyValue } {
    const values: { [key: string]: AlloyValue } = {};
    while (!this.#takes("}")) {
      const key = /^["`]/.test(this.#peek() ?? "") ? `${this.#literal()}` : this.#identifier();
      if (!this.#takes("=")) this.#expect(":");
      values[key] = this.#expression(depth + 1);
      if (!this.#takes(",")) {
        this.#expect("}");
        break;
      }
    }
    return values;
  }

  #reference(depth: number): AlloyValue {
    const path = this.#path();
    if (this.#takes("(")) {
      const called = this.#functionOf(path, this.#list(")", depth));
      return this.#isIndexed(depth) ? new AlloyUnknown() : called;
    }
    if (path === "true" || path === "false") return path === "true";
    if (path === "null") return null;
    return this.#isIndexed(depth) ? new AlloyUnknown() : new AlloyReference(path);
  }

  /** Whether `[0]` or `["key"]` follows, which is passed over. */
  #isIndexed(depth: number): boolean {
    let isIndexed = false;
    while (this.#takes("[")) {
      this.#expression(depth + 1);
      this.#expect("]");
      while (this.#takes(".")) this.#identifier();
      isIndexed = true;
    }
    return isIndexed;
  }

  #literal(): AlloyValue {
    const token = this.#peek()!;
    this.#next++;
    if (token.startsWith("`")) return token.slice(1, -1);
    if (!token.startsWith('"')) return Number(token);
    const inner = token.slice(1, -1);
    return inner.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, code: string) => {
      if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
      return ({ n: "\n", t: "\t", r: "\r" } as Record<string, string>)[code] ?? code;
    });
  }

  #peek(): string | undefined {
    return this.#tokens[this.#next]?.text;
  }

  #at(): number {
    return this.#tokens[this.#next]?.at ?? this.#text.length;
  }

  #takes(token: string): boolean {
    const isNext = this.#peek() === token;
    if (isNext) this.#next++;
    return isNext;
  }

  #expect(token: string): void {
    if (!this.#takes(token)) throw this.#wrong(this.#at(), token);
  }

  #wrong(at: number, expected?: string): Error {
    const line = this.#text.slice(0, at).split("\n").length;
    const found = JSON.stringify(this.#text.slice(at, at + 20));
    return new Error(`line ${line}: found ${found}${expected === undefined ? "" : `, expected ${expected}`}`);
  }
}
