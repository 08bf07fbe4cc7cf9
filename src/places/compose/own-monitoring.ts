import type Docker from "dockerode";
import { parse } from "yaml";
import { messageOf, UnavailableError, UsageError } from "../../base/errors.ts";
import type { MonitoringParts } from "../../pipeline/monitoring.ts";
import type { OwnConfig } from "../../pipeline/own-config.ts";
import { type AlertTargets, alertTargetsIn } from "../../products/prometheus/prometheus-configuration.ts";
import { isAlertmanagerImage } from "../images/known-images.ts";
import type { ComposeModel } from "./compose-model.ts";
import { publishedAt } from "./container.ts";
import { containersOf } from "./instances.ts";
import { namesOf } from "./service-names.ts";
import { programOf, textAt } from "./service-program.ts";

const defaultConfiguration = "/etc/prometheus/prometheus.yml";

/**
 * The services that a run must not start beside a copy of the user's Prometheus: a copy of Alertmanager would tell real people of alerts that the
 * run's faults cause.
 *
 * @throws UsageError if that copy would send alerts or samples out of the stack, or it is not known whether it would
 */
export async function withheldServices(
  { file, monitoring, without }: Pick<OwnConfig, "file" | "monitoring" | "without">,
  model: ComposeModel,
): Promise<string[]> {
  if (monitoring === undefined) return [];
  const { prometheus, alertmanager } = monitoring;
  const { alerts, samples, isDiscovered } = await targetsOf(prometheus, model, file);
  const byHost = new Map(
    Object.entries(model.services).flatMap(([name, service]) =>
      namesOf(name, service).map((host) => [host.toLowerCase(), name] as const),
    ),
  );
  const outside = [...alerts, ...samples].find((host) => !byHost.has(host.toLowerCase()));
  if (outside !== undefined || isDiscovered) throw sendsOut(prometheus, outside, file);
  const withheld = new Set(alerts.map((host) => byHost.get(host.toLowerCase())!));
  if (alertmanager !== undefined) withheld.add(alertmanager);
  for (const [name, service] of Object.entries(model.services))
    if (isAlertmanagerImage((await programOf(name, service)).image)) withheld.add(name);
  return [...withheld].filter((name) => !without.includes(name));
}

async function targetsOf(service: string, model: ComposeModel, file: string): Promise<AlertTargets> {
  const settings = model.services[service]!;
  const { words, built } = await programOf(service, settings);
  const named = words.flatMap((word, index) => {
    const [, path = words[index + 1]] = /^--?config\.file(?:=(.*))?$/.exec(word) ?? [undefined, ""];
    return path ? [path] : [];
  });
  const path = named.at(-1) ?? defaultConfiguration;
  const text = await textAt(model, settings, path, built);
  if (text === undefined)
    throw new UsageError(
      `expected the configuration ${path} of ${service}, which ${file} names as monitoring.prometheus, among the files that its service mounts, and found none. ` +
        "A copy of it may tell real people of alerts that a run causes, so it is started only if its configuration is known. Mount the file, or attach to the running stack with --project NAME.",
    );
  try {
    return alertTargetsIn(parse(text));
  } catch (thrown) {
    throw new UsageError(`the configuration ${path} of ${service} cannot be read: ${messageOf(thrown)}`);
  }
}

function sendsOut(service: string, host: string | undefined, file: string): UsageError {
  const where =
    host === undefined
      ? "to addresses that it only finds when it runs"
      : `to ${host}, which is no service of the stack`;
  return new UsageError(
    `${service}, which ${file} names as monitoring.prometheus, sends alerts or samples ${where}. A copy of it would send those of a run there, too. ` +
      "Give it another configuration, in a further Compose file, or attach to the running stack with --project NAME.",
  );
}

/**
 * Refuses a running stack whose Prometheus does not run, or cannot be asked from this machine.
 *
 * @throws UnavailableError if it does not run
 * @throws UsageError if its port is not published
 */
export async function assertWatches(
  docker: Docker,
  project: string,
  { prometheus }: MonitoringParts,
): Promise<void> {
  const [service] = Object.keys(prometheus.services) as [string];
  const [container] = (await containersOf(docker, project, service)).filter(({ isUp }) => isUp);
  if (container === undefined)
    throw new UnavailableError(
      `expected a running container of ${service}, which monitoring.prometheus names, in the Compose project ${project}, and found none. Start it, or omit --alerts.`,
    );
  const port = prometheus.port!;
  if ((await publishedAt(docker.getContainer(container.id), [port])).size > 0) return;
  throw new UsageError(
    `in the Compose project ${project}, port ${port} of ${service} is not published on this machine, so nothing could ask it about alerts. ` +
      `Publish it (\`ports: ["127.0.0.1::${port}"]\` in its Compose file, then \`docker compose up -d\`), or omit --alerts.`,
  );
}
