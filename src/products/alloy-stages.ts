import { type AlloyBlock, AlloyReference, AlloyUnknown, type AlloyValue } from "./alloy-syntax.ts";

/** The stages that Alloy calls otherwise than Promtail. */
const formerNames: Record<string, string> = { label_drop: "labeldrop", label_keep: "labelallow" };
/** Stages whose settings are in one attribute. */
const wrapping = ["labels", "static_labels", "structured_metadata", "labeldrop", "labelallow"];

/** The stages of `loki.process`, as they would be in Promtail's `pipeline_stages`. */
export function promtailStages({ blocks }: AlloyBlock): Record<string, unknown>[] {
  return blocks
    .filter(({ name }) => name.startsWith("stage."))
    .map((block) => {
      const given = block.name.slice("stage.".length);
      const kind = formerNames[given] ?? given;
      const settings = Object.fromEntries([...block.attributes].map(([key, value]) => [key, plain(value)]));
      if (kind === "match") return { match: { ...settings, stages: promtailStages(block) } };
      return { [kind]: wrapping.includes(kind) ? settings.values : settings };
    });
}

function plain(value: AlloyValue): unknown {
  if (value instanceof AlloyReference || value instanceof AlloyUnknown) return undefined;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
