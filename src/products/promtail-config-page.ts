import { parsedYaml } from "../base/parsed-yaml.ts";

const entities: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#34": '"',
  "#39": "'",
  "#43": "+",
};

/**
 * The configuration in Promtail's answer at `/config`: a page that shows what it runs with, including defaults.
 *
 * @returns undefined if it is not such a page
 */
export function configInPage(page: string): unknown {
  const text = /<pre id="config_yaml">([\s\S]*?)<\/pre>/.exec(page)?.[1];
  if (text === undefined) return undefined;
  return parsedYaml(text.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole));
}
