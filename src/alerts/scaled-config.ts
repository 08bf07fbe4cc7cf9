import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from "yaml";
import { ruleDuration, ruleDurationMs } from "./rule-duration.ts";

/** Metrics are read, and rules evaluated, at most this often, however short the periods of a run are. */
export const shortestIntervalMs = 500;
/** How often that is in the fixtures, unless it is scaled. */
const intervalMs = 5_000;
/** Alertmanager waits at least this long, as it refuses a period of 0. */
const shortestWaitMs = 100;

/** How often the Prometheus of a fixture reads metrics and evaluates rules, with its periods multiplied by a factor. */
export function scaledIntervalMs(factor: number): number {
  return Math.max(shortestIntervalMs, Math.round(intervalMs * factor));
}

const prometheusDefaults = { scrape_interval: "1m", evaluation_interval: "1m" };
const intervals = ["scrape_interval", "evaluation_interval"];
const routePeriods = ["group_wait", "group_interval", "repeat_interval"];

/**
 * Multiplies how often Prometheus reads metrics and evaluates rules by a factor. An answer is waited for as long as the next question is away,
 * at the most. Comments stay.
 *
 * @param text its configuration file
 */
export function scalePrometheusConfig(text: string, factor: number): string {
  if (factor === 1) return text;
  const document = parseDocument(text);
  const global = mapAt(document, ["global"]);
  for (const [key, value] of Object.entries(prometheusDefaults))
    if (!global.has(key)) global.set(key, document.createNode(value));
  const jobs = document.get("scrape_configs");
  const maps = [global, ...(isSeq(jobs) ? jobs.items.filter((item) => isMap(item)) : [])];
  for (const map of maps) {
    for (const key of intervals) scale(map, key, factor, shortestIntervalMs);
    // The default is the interval, if that is shorter.
    map.delete("scrape_timeout");
  }
  return String(document);
}

/**
 * Multiplies the periods for which Alertmanager waits by a factor. Comments stay.
 *
 * @param text its configuration file
 */
export function scaleAlertmanagerConfig(text: string, factor: number): string {
  if (factor === 1) return text;
  const document = parseDocument(text);
  const route = document.get("route");
  if (isMap(route)) scaleRoute(route, factor);
  return String(document);
}

function scaleRoute(route: YAMLMap, factor: number): void {
  for (const key of routePeriods) scale(route, key, factor, shortestWaitMs);
  const routes = route.get("routes");
  if (isSeq(routes)) for (const inner of routes.items) if (isMap(inner)) scaleRoute(inner, factor);
}

function scale(map: YAMLMap, key: string, factor: number, atLeastMs: number): void {
  const node = map.get(key, true);
  const ms = isScalar(node) ? ruleDurationMs(String(node.value)) : undefined;
  if (isScalar(node) && ms !== undefined)
    node.value = ruleDuration(Math.max(atLeastMs, Math.round(ms * factor)));
}

function mapAt(document: Document, path: string[]): YAMLMap {
  const found = document.getIn(path);
  if (isMap(found)) return found;
  const created = document.createNode({});
  document.setIn(path, created);
  return created;
}
