import type { SinkExports } from "./file/sink-exports.ts";
import { lokiExports } from "./loki/loki-exports.ts";

/** How lines are exported from each kind of sink that has an answer or a client of its own; other exports are lines or files of collectors. */
export const knownExports: readonly SinkExports[] = [lokiExports];
