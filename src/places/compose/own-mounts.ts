import { stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { exists } from "../../base/exists.ts";
import { formatBytes } from "../../base/format-bytes.ts";
import type { ComposeModel, ComposeMount } from "./compose-model.ts";
import { isConfigurationPath, isWithin, pathsNamedBy } from "./configuration-path.ts";
import { isEngineSocket, isForeignFolder } from "./engine-mounts.ts";
import { type ListedEntry, listFiles, maxListedBytes, maxListedEntries } from "./listed-files.ts";
import { isMachineFolder } from "./written-data.ts";

/** Where a service has a mount. */
interface Place {
  service: string;
  target: string;
  readOnly: boolean;
}

/** A file, folder or volume of the user that a container could write into, and its replacement in a run. */
export interface OwnMount {
  /** Its path on this machine; the name of the volume if the engine keeps it. */
  source: string;
  kind: "folder" | "file" | "volume";
  places: Place[];
  /** What is copied; undefined for a volume, whose content only the engine can read. */
  entries: ListedEntry[];
  /** Relative paths that are left out because programs have written them for themselves; the empty path stands for everything. */
  leftOut: string[];
}

/** How a run handles the mounts of the services that it starts. */
export interface MountPlan {
  /** Mounts that are replaced by a copy, or by an empty volume. */
  own: OwnMount[];
  /** Mounts that nothing writes into, used unchanged: files and folders of this machine, except for the machine's own. */
  kept: (Place & { source: string })[];
}

/** The user's rules for some mounts, by their paths in containers. */
export interface MountWishes {
  /** Start empty. */
  empty: string[];
  /** Are copied completely, even what looks like data. */
  copy: string[];
}

/** The input for the decision about mounts. */
export interface MountOptions {
  /** The services that are started. */
  started: readonly string[];
  shipper: string;
  /** Where the shipper finds log files: a run mounts its own folder there. Undefined if it reads the stdout of containers. */
  logsPath: string | undefined;
  /** Whether it finds a single file there, and not a folder. */
  isFileMounted?: boolean;
  wishes: MountWishes;
}

interface Mount extends Place {
  source: string;
}

/** File system types that are not a folder of this machine: a second stack would write into the same data. */
const ownFileSystems = [undefined, "", "none", "tmpfs", "bind"];

/**
 * Decides how a run handles each mount of the services that it starts, so that it runs what the user has and never writes into the user's
 * files. Read-only mounts are used unchanged. Everything else is copied, except for files that programs have written for
 * themselves (`written-data.ts`): a run starts without them.
 *
 * @throws UsageError naming the mount and what to do, if it is too large to copy, cannot be read, or is shared by every stack
 */
export async function planMounts(model: ComposeModel, options: MountOptions): Promise<MountPlan> {
  assertWishes(model, options);
  const mounts = options.started.flatMap((service) => mountsOf(model, service));
  const ofLogs = mounts.find(({ service, target }) => isLogs(service, target, options))?.source;
  const others = mounts.filter(({ service, target }) => !isLogs(service, target, options));
  const plan: MountPlan = { own: [], kept: [] };
  for (const [source, places] of Map.groupBy(others, (mount) => mount.source)) {
    // A run mounts its stand-in there.
    if (isEngineSocket(source)) continue;
    const kind = await kindOf(source);
    if (kind === "special") continue;
    if (isForeignFolder(source) && source !== ofLogs) {
      plan.own.push(emptied(source, places, options));
      continue;
    }
    const isWished = places.some(({ target }) => options.wishes.empty.includes(target));
    const within = logsWithin(places, options);
    // In a read-only mount the engine cannot create the mount point of the run's log files.
    const lacksLogs = within !== undefined && !(await exists(join(source, within)));
    const isWritten = lacksLogs || places.some(({ readOnly }) => !readOnly);
    if (kind !== "missing" && !isWritten && !isWished && source !== ofLogs) {
      if (!isMachineFolder(source)) plan.kept.push(...places);
      continue;
    }
    const isEmpty = kind === "missing" || isWished || source === ofLogs || isMachineFolder(source);
    const leftOut = kind === "missing" ? [] : [""];
    const found = isEmpty ? { entries: [], leftOut } : await copyOf(source, places, model, options);
    const entries = within === undefined ? found.entries : withMountPoint(found.entries, within, options);
    plan.own.push({ source, kind: kind === "file" ? "file" : "folder", places, ...found, entries });
  }
  plan.own.push(...volumesOf(model, options));
  return plan;
}

/**
 * An empty folder in place of one with lines or containers that are not the run's. It is writable, because what a run shows instead is mounted
 * into it.
 */
function emptied(source: string, places: readonly Place[], options: MountOptions): OwnMount {
  const within = logsWithin(places, options);
  const entries = within === undefined ? [] : withMountPoint([], within, options);
  const writable = places.map((place) => ({ ...place, readOnly: false }));
  return { source, kind: "folder", places: writable, entries, leftOut: [""] };
}

function isLogs(service: string, target: string, { shipper, logsPath }: MountOptions): boolean {
  return service === shipper && target === logsPath;
}

/** The relative path of the log files, or of the one that is mounted itself, inside a mount of the shipper; undefined if they are not inside it. */
function logsWithin(places: readonly Place[], { shipper, logsPath }: MountOptions): string | undefined {
  if (logsPath === undefined) return undefined;
  const parent = places.find(
    ({ service, target }) => service === shipper && target !== logsPath && isWithin(logsPath, target),
  );
  return parent && relative(parent.target, logsPath);
}

/** Adds a folder at a path, or an empty file where a file is mounted, and the folders that it is in, if they are missing. */
function withMountPoint(
  entries: readonly ListedEntry[],
  path: string,
  { isFileMounted = false }: MountOptions,
): ListedEntry[] {
  const names = path.split("/");
  const paths = ["", ...names.map((_, index) => names.slice(0, index + 1).join("/"))];
  const missing = paths.filter((missing) => !entries.some((entry) => entry.path === missing));
  const common = { mode: 0o777, uid: 0, gid: 0, mtime: new Date() };
  return [
    ...entries,
    ...missing.map((missing) =>
      isFileMounted && missing === path
        ? { ...common, path: missing, kind: "file" as const, content: Buffer.alloc(0) }
        : { ...common, path: missing, kind: "folder" as const },
    ),
  ];
}

/** The folders and files of this machine that a service mounts, also through volumes. */
function mountsOf({ services, volumes }: ComposeModel, service: string): Mount[] {
  return services[service]!.volumes.flatMap((mount) => {
    const { type, source, target, read_only: readOnly } = mount;
    if (source === undefined) return [];
    if (type === "bind") return [{ service, target, readOnly, source }];
    const device = type === "volume" ? deviceOf(volumes[source], source) : undefined;
    // Docker fills an empty volume from the image, even if it is mounted read-only.
    return device === undefined ? [] : [{ service, target, readOnly: false, source: device }];
  });
}

/** The folder of this machine that a volume maps to; undefined if the engine keeps the volume. */
function deviceOf(volume: ComposeModel["volumes"][string] | undefined, key: string): string | undefined {
  const { driver = "local", driver_opts: options } = volume ?? {};
  const { type, o = "", device } = options ?? {};
  const isShared = driver !== "local" || !ownFileSystems.includes(type) || (type === "" && device);
  if (isShared) {
    throw new UsageError(
      `a separate stack cannot be started: the volume ${key} (driver ${driver}${type ? `, type ${type}` : ""}) is the same for every ` +
        "stack, so a run would write into it. Attach to the running stack with --project NAME.",
    );
  }
  return device !== undefined && /(^|,)r?bind(,|$)/.test(o) ? device : undefined;
}

async function kindOf(source: string): Promise<"folder" | "file" | "missing" | "special"> {
  const found = await stat(source).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT" || thrown.code === "ENOTDIR") return undefined;
    throw new UsageError(`${source}, which the Compose file mounts, cannot be inspected: ${thrown.message}`);
  });
  if (found === undefined) return "missing";
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "special";
}

async function copyOf(
  source: string,
  places: Place[],
  { services }: ComposeModel,
  { wishes }: MountOptions,
): Promise<Pick<OwnMount, "entries" | "leftOut">> {
  const isWhole = places.some(({ target }) => wishes.copy.includes(target));
  const named = places.flatMap(({ service, target }) =>
    pathsNamedBy(services[service]!)
      .filter((path) => isWithin(path, target) && isConfigurationPath(path, []))
      .map((path) => relative(target, path)),
  );
  const isKept = (path: string) => isWhole || named.some((one) => path === "" || isWithin(one, path));
  const { entries, leftOut, unreadable, isTooLarge } = await listFiles(source, isKept);
  const [{ service, target }] = places as [Place];
  const where = `${source}, which ${service} mounts at ${target} and may write into`;
  const waysOut =
    `Mount it with \`:ro\` if ${service} only reads it. If what is there is data that a run may start without, ` +
    `add \`mounts: { empty: ["${target}"] }\` to the configuration.`;
  if (isTooLarge) {
    throw new UsageError(
      `${where}, is too large to be copied for a run: more than ${formatBytes(maxListedBytes)} or ` +
        `${maxListedEntries.toLocaleString("en-US")} files. ${waysOut}`,
    );
  }
  const needed = unreadable.find((path) => {
    const whole = path === "" ? target : `${target}/${path}`;
    return isWhole || isKept(path) || isConfigurationPath(whole, []);
  });
  if (needed !== undefined) {
    throw new UsageError(
      `${where}, cannot be copied for a run: this user may not read ${needed || "it"}. Make it readable. Otherwise: ${waysOut}`,
    );
  }
  const hasFiles = entries.some(({ kind }) => kind !== "folder");
  const others = [...leftOut, ...unreadable].sort();
  if (!hasFiles) return { entries: [], leftOut: others.length > 0 ? [""] : [] };
  return { entries, leftOut: others };
}

/** Volumes of the engine that contain a service's configuration, judging by paths: the user's content is copied. */
function volumesOf(model: ComposeModel, { started, wishes, shipper, logsPath }: MountOptions): OwnMount[] {
  const places = started.flatMap((service) =>
    model.services[service]!.volumes.filter(isKeptByEngine).map((mount) => ({ service, ...mount })),
  );
  return [...Map.groupBy(places, ({ source }) => source!)].flatMap(([key, mounts]) => {
    const volume = model.volumes[key];
    if (volume === undefined || deviceOf(volume, key) !== undefined) return [];
    const isNeeded = mounts.some(({ service, target }) => {
      if (wishes.empty.includes(target) || (service === shipper && target === logsPath)) return false;
      const named = pathsNamedBy(model.services[service]!).filter((path) => isConfigurationPath(path, []));
      const isNamed = named.some((path) => isWithin(path, target));
      return isNamed || isWithin(target, "/etc") || wishes.copy.includes(target);
    });
    if (!isNeeded) return [];
    const at = mounts.map(({ service, target, read_only: readOnly }) => ({ service, target, readOnly }));
    return [{ source: volume.name, kind: "volume" as const, places: at, entries: [], leftOut: [] }];
  });
}

function isKeptByEngine({ type, source }: ComposeMount): boolean {
  return type === "volume" && source !== undefined;
}

function assertWishes({ services }: ComposeModel, { started, wishes }: MountOptions): void {
  const targets = started.flatMap((service) => services[service]!.volumes.map(({ target }) => target));
  const unknown = [...wishes.empty, ...wishes.copy].find((path) => !targets.includes(path));
  if (unknown === undefined) return;
  throw new UsageError(
    `the configuration names ${unknown} under \`mounts\`, where no service that is started has a mount; they have: ` +
      `${[...new Set(targets)].sort().join(", ") || "none"}.`,
  );
}
