import { join } from "node:path";
import type { ComposeModel, ComposeService } from "../places/compose/compose-model.ts";
import { isWithin } from "../places/compose/configuration-path.ts";
import { sourceAt } from "../places/compose/mounted-source.ts";
import { isMachineFolder } from "../places/compose/written-data.ts";
import { isOfDocker } from "../products/docker-logs.ts";
import type {
  LineHandling,
  ShippedContainers,
  ShippedFiles,
  ShipperSettings,
} from "../products/shipper-settings.ts";
import { alternativesOf, type FilePlace, placesOf } from "./file-patterns.ts";
import { serviceWanted } from "./guess-containers.ts";

/** Where lines of a run can come from, as the configuration says it. */
export type GuessedSource =
  | { folder: string; file?: string | undefined; line?: string | undefined }
  | { path: string; line?: string | undefined }
  | { stdout: { service?: string | undefined; labels: Record<string, string> }; line?: string | undefined };

/** A source, and what the shipper does with it. */
export interface SourceCandidate {
  source: GuessedSource;
  /** How a message names it. */
  name: string;
  /** The pattern of the paths of its files. */
  pattern?: string | undefined;
  /** The likelier the higher. */
  rank: number;
  files?: ShippedFiles | undefined;
  containers?: ShippedContainers | undefined;
  lines?: LineHandling | undefined;
  tenant?: string | undefined;
}

const containersRank = 4;
const ranks = { inMount: 4, isShared: 2, isMount: 1, ofMachine: -3 };

/** The sources that a shipper's own configuration allows, the likeliest first. */
export function sourcesOf(
  model: ComposeModel,
  shipper: string,
  settings: ShipperSettings,
  others: readonly string[],
): SourceCandidate[] {
  const service = model.services[shipper]!;
  const ofFiles = settings.reads.flatMap((files) =>
    files.globs.flatMap(alternativesOf).flatMap((glob) => {
      if (isOfContainers(glob, service)) return [containersByFiles(glob, files)];
      return placesOf(glob, files, service.volumes).map((place) =>
        filesCandidate(place, files, service, model, shipper),
      );
    }),
  );
  const byApi = (settings.containers ?? []).map((containers) =>
    byEngine(containers, model, [shipper, ...others]),
  );
  const all = [...ofFiles, ...byApi];
  return all.sort((one, other) => other.rank - one.rank);
}

/** Whether files are those of the engine, also where its folder is mounted elsewhere. */
function isOfContainers(glob: string, { volumes }: ComposeService): boolean {
  const [fixed] = glob.split(/[*?[{]/) as [string];
  const mounted = sourceAt(volumes, fixed.replace(/\/[^/]*$/, "") || "/");
  return isOfDocker(glob) || (mounted !== undefined && isOfDocker(`${mounted.source}/`));
}

function containersByFiles(glob: string, files: ShippedFiles): SourceCandidate {
  return {
    // Docker's JSON around each line, or a newline behind it, is seen around lines of a template alone.
    source: { stdout: { labels: {} }, line: files.linesOfContainers?.template ?? "{line}" },
    name: `the stdout of containers (${glob})`,
    rank: containersRank,
    files,
    lines: files.linesOfContainers,
    tenant: files.tenant,
  };
}

function byEngine(
  containers: ShippedContainers,
  model: ComposeModel,
  others: readonly string[],
): SourceCandidate {
  return {
    source: { stdout: serviceWanted(containers.wants, model, others), line: containers.lines?.template },
    name: "the stdout of containers (by the engine's API)",
    rank: containersRank,
    containers,
    lines: containers.lines,
    tenant: containers.tenant,
  };
}

function filesCandidate(
  { folder, file, isMountedFile }: FilePlace,
  files: ShippedFiles,
  { volumes }: ComposeService,
  { services }: ComposeModel,
  shipper: string,
): SourceCandidate {
  const path = file === undefined ? folder : join(folder, file);
  const line = files.lines?.template;
  const mounted = sourceAt(volumes, isMountedFile ? path : folder);
  const isShared =
    mounted !== undefined &&
    Object.entries(services).some(
      ([name, service]) =>
        name !== shipper &&
        service.volumes.some(
          ({ source }) => source && (isWithin(mounted.source, source) || isWithin(source, mounted.source)),
        ),
    );
  const isMount = volumes.some(({ target }) => target === folder);
  return {
    source: isMountedFile ? { path, line } : { folder, file, line },
    name: path,
    pattern: join(folder, file ?? "*.log"),
    rank:
      (mounted ? ranks.inMount : 0) +
      (isShared ? ranks.isShared : 0) +
      (isMount ? ranks.isMount : 0) +
      (mounted && isMachineFolder(mounted.source) ? ranks.ofMachine : 0),
    files,
    lines: files.lines,
    tenant: files.tenant,
  };
}

/** A path of the source's files, as the shipper's patterns are compared with; undefined for containers. */
export function pathIn(source: GuessedSource): string | undefined {
  if ("path" in source) return source.path;
  return "folder" in source ? join(source.folder, (source.file ?? "*.log").replace("*", "app-1")) : undefined;
}
