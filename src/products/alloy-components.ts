import { type AlloyBlock, AlloyReference, AlloyUnknown, type AlloyValue } from "./alloy-syntax.ts";
import type { Environment } from "./filled-variables.ts";
import type { Relabelling } from "./relabelling.ts";

/** The components of a configuration, by `type.label`. */
export class AlloyComponents {
  readonly #byName: ReadonlyMap<string, AlloyBlock>;

  constructor(file: AlloyBlock) {
    const named = file.blocks.map((block) => [`${block.name}.${block.label ?? ""}`, block] as const);
    this.#byName = new Map(named);
  }

  of(type: string): AlloyBlock[] {
    return [...this.#byName.values()].filter(({ name }) => name === type);
  }

  get all(): AlloyBlock[] {
    return [...this.#byName.values()];
  }

  /** The components whose exports a value names: `loki.write.default` for `[loki.write.default.receiver]`. */
  named(value: AlloyValue | undefined): AlloyBlock[] {
    return [value ?? []].flat().flatMap((one) => {
      if (!(one instanceof AlloyReference)) return [];
      return this.#byName.get(one.path.split(".").slice(0, -1).join(".")) ?? [];
    });
  }
}

/** What the functions give that configurations use for settings of the machine. */
export function alloyFunctions(environment: Environment) {
  return (name: string, given: AlloyValue[]): AlloyValue => {
    const [first] = given;
    if ((name === "sys.env" || name === "env") && typeof first === "string")
      return environment[first] ?? new AlloyUnknown();
    if (name === "coalesce") return given.find((one) => one !== "" && !(one instanceof AlloyUnknown)) ?? "";
    if (name === "array.concat" || name === "concat") return given.flat();
    return new AlloyUnknown();
  };
}

export function textOf(block: AlloyBlock | undefined, attribute: string): string | undefined {
  const value = block?.attributes.get(attribute);
  return typeof value === "string" ? value : undefined;
}

/** The texts of a map such as `labels = { job = "shop" }`; null for values that are not known. */
export function textsOf(value: AlloyValue | undefined): Record<string, string | null> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  if (value instanceof AlloyReference || value instanceof AlloyUnknown) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, typeof one === "string" ? one : null]),
  );
}

/** The `rule` blocks of a component, as rules of Promtail. */
export function rulesOf({ blocks }: AlloyBlock): Relabelling[] {
  return blocks
    .filter(({ name }) => name === "rule")
    .map((rule) => {
      const sources = rule.attributes.get("source_labels");
      return {
        action: textOf(rule, "action") ?? "replace",
        source_labels: Array.isArray(sources) ? sources.filter((one) => typeof one === "string") : [],
        target_label: textOf(rule, "target_label"),
        regex: textOf(rule, "regex"),
        replacement: rule.attributes.has("replacement") ? (textOf(rule, "replacement") ?? "$1") : undefined,
      };
    });
}
