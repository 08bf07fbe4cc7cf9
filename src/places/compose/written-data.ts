import { parsedYaml } from "../../base/parsed-yaml.ts";
import { sinkProducts } from "../../products/known-sinks.ts";

/**
 * The names of folders in which programs store their data: what each sink stores, the blocks and the write-ahead log of Prometheus, the
 * partitions of Kafka.
 */
const dataFolders = [
  ...sinkProducts.map(({ data }) => data.folder),
  /^(chunks_head|wal|checkpoint\.\d+|[0-9A-HJKMNP-TV-Z]{26})$/,
  /^(__cluster_metadata-0|__consumer_offsets-\d+)$/,
];

/** Files that mark their folder as the data folder of a program: Kafka, Grafana, PostgreSQL, MySQL, MongoDB. */
const dataMarkers = ["meta.properties", "grafana.db", "PG_VERSION", "ibdata1", "WiredTiger"];

/** Log files (but not `inputs.log.conf`), databases, locks, and what each sink stores. */
const dataFiles = [
  ...sinkProducts.map(({ data }) => data.file),
  /(\.log(?!.*\.(ya?ml|json|conf|cfg|ini|toml|alloy|hcl)$)(\.[\w.-]+)?|-json\.log(\.\d+)?|\.(db|sqlite3?|wal|tsdb|pid|lock|journal)|^lock|^LOCK)$/,
];

/** Folders of the machine itself: its logs, its containers, its processes and devices. */
const machineFolder = /^\/(var\/log|var\/lib\/(docker|containers)|var\/run|run|proc|sys|dev)(\/|$)/;

const bboltMagicAt = 16;
const bboltMagic = 0xed0cdaed;
const sqliteMagic = "SQLite format 3\0";
/** Positions files are short; a longer file is not checked for positions. */
const maxPositionsBytes = 2 ** 20;

/** Whether a folder of the machine contains the machine's own data, and no configuration. */
export function isMachineFolder(path: string): boolean {
  return machineFolder.test(path);
}

/**
 * Whether a folder contains data that a program has written for itself, judged by its name or by a file in it.
 *
 * @param names the names of its entries
 */
export function isDataFolder(name: string, names: readonly string[]): boolean {
  return dataFolders.some((form) => form.test(name)) || dataMarkers.some((marker) => names.includes(marker));
}

/** Whether a file is data by its name, so that it does not have to be read. */
export function isDataFileName(name: string): boolean {
  return dataFiles.some((form) => form.test(name));
}

/** Whether a file is data by its content: a database, or the positions file of a shipper. */
export function isDataContent(content: Buffer): boolean {
  return isDatabase(content) || arePositions(content);
}

function isDatabase(content: Buffer): boolean {
  if (content.subarray(0, sqliteMagic.length).toString("latin1") === sqliteMagic) return true;
  return content.length >= bboltMagicAt + 4 && content.readUInt32LE(bboltMagicAt) === bboltMagic;
}

/** Promtail's positions: only numbers by path. Its configuration may begin with the same word, but has other content. */
function arePositions(content: Buffer): boolean {
  if (content.length > maxPositionsBytes || !content.includes("positions:")) return false;
  const found = parsedYaml(content.toString("utf8"));
  if (typeof found !== "object" || found === null) return false;
  const { positions, ...others } = found as Record<string, unknown>;
  if (Object.keys(others).length > 0 || typeof positions !== "object") return false;
  return Object.values(positions ?? {}).every((position) => /^\d+$/.test(`${position}`));
}
