import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from "yaml";

/**
 * A configuration without those targets of its `static_configs` that are on some hosts. Comments stay, and so does what is discovered.
 *
 * @param text its configuration file
 */
export function withoutTargets(text: string, hosts: readonly string[]): string {
  const document = parseDocument(text);
  for (const job of mapsIn(document.get("scrape_configs")))
    for (const group of mapsIn(job.get("static_configs"))) {
      const targets = group.get("targets");
      if (isSeq(targets))
        targets.items = targets.items.filter(
          (target) => !(isScalar(target) && hosts.includes(hostOf(String(target.value)))),
        );
    }
  return String(document);
}

function mapsIn(node: unknown): YAMLMap[] {
  return isSeq(node) ? node.items.filter((item) => isMap(item)) : [];
}

/** A target is `HOST:PORT`. */
function hostOf(target: string): string {
  return URL.parse(`http://${target}`)?.hostname ?? target;
}
