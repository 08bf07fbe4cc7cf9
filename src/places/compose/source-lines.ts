import { dirname, relative, resolve } from "node:path";
import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { configurationText } from "./configuration-text.ts";

/** Enough for every stack that somebody overlooks; a circle of files ends there. */
const maxFiles = 50;

/** A YAML file with the positions of what stands in it. */
interface Source {
  file: string;
  root: Node | null;
  lines: LineCounter;
}

/** Finds the lines of YAML files in which settings stand, for messages. */
export class SourceLines {
  readonly #sources: readonly Source[];
  readonly #folder: string;

  private constructor(sources: readonly Source[], folder: string) {
    this.#sources = sources;
    this.#folder = folder;
  }

  /**
   * Reads some files, and those that they name under `include` and `extends`. Files that cannot be read are left out.
   *
   * @param folder the folder from which paths in messages start
   */
  static async of(files: readonly string[], folder: string): Promise<SourceLines> {
    const sources: Source[] = [];
    const pending = [...files];
    for (
      let file = pending.shift();
      file !== undefined && sources.length < maxFiles;
      file = pending.shift()
    ) {
      if (sources.some((known) => known.file === file)) continue;
      const text = await configurationText(file);
      if (text === undefined) continue;
      const lines = new LineCounter();
      const document = parseDocument(text, { lineCounter: lines, merge: true, logLevel: "silent" });
      sources.push({ file, root: document.contents, lines });
      pending.push(...namedIn(document.toJS() as unknown, dirname(file)));
    }
    return new SourceLines(sources, folder);
  }

  /**
   * Where a setting stands, as `FILE:LINE`. If the setting itself is in no file, the nearest one above it counts.
   *
   * @param path its keys
   * @param text of a list, the item that contains it
   * @returns undefined if no file has even the first key
   */
  at(path: readonly string[], text?: string): string | undefined {
    // A later file overrides those before it.
    const found = this.#sources
      .toReversed()
      .map((source) => ({ source, ...deepest(source.root, path, text) }));
    const [best] = found.filter(({ depth }) => depth > 0).sort((one, other) => other.depth - one.depth);
    if (best?.offset === undefined) return undefined;
    const { file, lines } = best.source;
    return `${relative(this.#folder, file) || file}:${lines.linePos(best.offset).line}`;
  }
}

/** How many keys of a path exist, one more if an item contains the text, and the offset of the last one. */
function deepest(
  root: Node | null,
  path: readonly string[],
  text: string | undefined,
): { depth: number; offset?: number | undefined } {
  let node: unknown = root;
  let depth = 0;
  let offset: number | undefined;
  for (const key of path) {
    if (!isMap(node)) return { depth, offset };
    // The key `<<`, which merges, is a symbol.
    const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === key);
    if (!isPair(pair)) return { depth, offset };
    depth++;
    offset = isNode(pair.key) ? pair.key.range?.[0] : offset;
    node = pair.value;
  }
  const items = isSeq(node) ? node.items : isMap(node) ? node.items.map(({ key }) => key) : [];
  const item = text === undefined ? undefined : items.find((each) => `${each}`.includes(text));
  return isNode(item) ? { depth: depth + 1, offset: item.range?.[0] } : { depth, offset };
}

/** The files that a Compose file includes or extends. */
function namedIn(content: unknown, folder: string): string[] {
  const { include, services } = (content ?? {}) as { include?: unknown; services?: unknown };
  const included = [include ?? []].flat().flatMap((each) => {
    const { path } = typeof each === "string" ? { path: each } : ((each ?? {}) as { path?: unknown });
    return [path].flat();
  });
  const extended = Object.values((services ?? {}) as Record<string, unknown>).map(
    (service) => (service as { extends?: { file?: unknown } } | null)?.extends?.file,
  );
  return [...included, ...extended]
    .filter((file) => typeof file === "string")
    .map((file) => resolve(folder, file));
}
