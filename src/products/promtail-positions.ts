import { stringify } from "yaml";
import { z } from "zod";
import { parsedYaml } from "../base/parsed-yaml.ts";
import { configInPage } from "./promtail-config-page.ts";

/** What stands for a position that Promtail cannot read. It leaves such an entry as it is, and does not open the file. */
export const unreadablePosition = "abc";

const configSchema = z.object({ positions: z.object({ filename: z.string().min(1) }) });
const positionsSchema = z.object({ positions: z.record(z.string(), z.string()).nullish() });

/** The path of the file of positions, from Promtail's answer at `/config`; undefined if it is not such a page. */
export function positionsFileOf(configPage: string): string | undefined {
  return configSchema.safeParse(configInPage(configPage)).data?.positions.filename;
}

/** The positions in such a file, by path; undefined if it does not have the form of one. An empty file has none. */
export function positionsIn(text: string): Map<string, string> | undefined {
  const parsed = parsedYaml(text);
  const { success, data } = positionsSchema.safeParse(parsed === null ? {} : parsed);
  return success ? new Map(Object.entries(data.positions ?? {})) : undefined;
}

/** The text of a file with these positions. */
export function positionsText(positions: ReadonlyMap<string, string>): string {
  return stringify({ positions: Object.fromEntries(positions) });
}

/** Whether a position is the number of a byte, as for a file; a place in a journal is not. */
export function isByteNumber(position: string): boolean {
  return /^\d+$/.test(position);
}
