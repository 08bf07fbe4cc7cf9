/** An image reference without its tag and digest: `grafana/promtail` of `grafana/promtail:3.6.4@sha256:…`. */
export function repositoryOf(reference: string): string {
  return reference.replace(/@.*$/, "").replace(/:[\w.-]+$/, "");
}

/** The last part of an image's repository: `promtail` of `docker.io/grafana/promtail:3.6.4`. */
export function nameOfRepository(reference: string): string {
  return repositoryOf(reference).split("/").at(-1)!;
}

/** An image reference without what every engine adds by itself: `grafana/promtail:3.6.4` of `docker.io/grafana/promtail:3.6.4`. */
export function shortReference(reference: string): string {
  return reference.replace(/^((index|registry-1)\.)?docker\.io\//, "").replace(/^library\/(?=[^/]+$)/, "");
}
