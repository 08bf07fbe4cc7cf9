import { parsedYaml } from "../../base/parsed-yaml.ts";

/**
 * Folders that programs keep what they have taken in in, by name: Loki's chunks, write-ahead log and indexes, the blocks of Prometheus, the
 * partitions of Kafka.
 */
const dataFolder =
  /^(chunks(_head)?|wal|checkpoint\.\d+|(boltdb|tsdb)-shipper-.+|tsdb-(index|cache)|index_\d+|compactor|__cluster_metadata-0|__consumer_offsets-\d+|[0-9A-HJKMNP-TV-Z]{26})$/;

/** Files that make the folder they lie in the data folder of a program as a whole: Kafka, Grafana, PostgreSQL, MySQL, MongoDB. */
const dataMarkers = ["meta.properties", "grafana.db", "PG_VERSION", "ibdata1", "WiredTiger"];

/** Log files (but no `inputs.log.conf`), data bases, locks, the name that Loki has given its cluster. */
const dataFile =
  /(\.log(?!.*\.(ya?ml|json|conf|cfg|ini|toml|alloy|hcl)$)(\.[\w.-]+)?|-json\.log(\.\d+)?|\.(db|sqlite3?|wal|tsdb|pid|lock|journal)|^lock|^LOCK|^loki_cluster_seed\.json)$/;

/** Folders of the machine itself: its logs, its containers, its processes and devices. */
const machineFolder = /^\/(var\/log|var\/lib\/(docker|containers)|var\/run|run|proc|sys|dev)(\/|$)/;

const bboltMagicAt = 16;
const bboltMagic = 0xed0cdaed;
const sqliteMagic = "SQLite format 3\0";
/** Files of positions are short; a longer one is taken for what its name says. */
const maxPositionsBytes = 2 ** 20;

/** Whether a folder of the machine holds what the machine writes, and no configuration. */
export function isMachineFolder(path: string): boolean {
  return machineFolder.test(path);
}

/**
 * Whether a folder holds what a program has written for itself: by its name, or by a file in it.
 *
 * @param names what is in it
 */
export function isDataFolder(name: string, names: readonly string[]): boolean {
  return dataFolder.test(name) || dataMarkers.some((marker) => names.includes(marker));
}

/** Whether a file is data by its name, so that it need not be read. */
export function isDataFileName(name: string): boolean {
  return dataFile.test(name);
}

/** Whether a file is data by what is in it: a data base, or how far a shipper has come in which file. */
export function isDataContent(content: Buffer): boolean {
  return isDatabase(content) || arePositions(content);
}

function isDatabase(content: Buffer): boolean {
  if (content.subarray(0, sqliteMagic.length).toString("latin1") === sqliteMagic) return true;
  return content.length >= bboltMagicAt + 4 && content.readUInt32LE(bboltMagicAt) === bboltMagic;
}

/** Promtail's: nothing but numbers by path. Its configuration may begin with the same word, but goes on otherwise. */
function arePositions(content: Buffer): boolean {
  if (content.length > maxPositionsBytes || !content.includes("positions:")) return false;
  const found = parsedYaml(content.toString("utf8"));
  if (typeof found !== "object" || found === null) return false;
  const { positions, ...others } = found as Record<string, unknown>;
  if (Object.keys(others).length > 0 || typeof positions !== "object") return false;
  return Object.values(positions ?? {}).every((position) => /^\d+$/.test(`${position}`));
}
