import type { SinkExports } from "./file/sink-exports.ts";
import { lokiExports } from "./loki/loki-exports.ts";

/** The export formats of sinks that have their own answer format or client. Other exports are raw lines or files of collectors. */
export const knownExports: readonly SinkExports[] = [lokiExports];
