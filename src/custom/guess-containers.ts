import type { ComposeModel, ComposeService } from "../places/compose/compose-model.ts";
import type { WantedContainers } from "../products/shipper-settings.ts";

/** By what a container of the load appears as one that the shipper selects. */
interface Appearance {
  /** The service whose name and labels it takes. */
  service?: string | undefined;
  labels: Record<string, string>;
}

/**
 * The service of the Compose file whose containers a shipper selects, or else the labels by which it does.
 *
 * @param others services that are parts of the pipeline, whose output is not what is tested
 */
export function serviceWanted(
  { labels, services: wanted, names }: WantedContainers,
  model: ComposeModel,
  others: readonly string[],
): Appearance {
  const isSelective = Object.keys(labels).length + wanted.length + names.length > 0;
  if (!isSelective) return { labels: {} };
  const fits = ([name, service]: [string, ComposeService]) =>
    wanted.every((form) => matches(form, name)) &&
    names.every((form) => containerNames(name, service, model).some((one) => matches(form, one))) &&
    Object.entries(labels).every(([label, value]) => labelOf(service, label)?.match(`^(?:${value})$`));
  const fitting = Object.entries(model.services).filter(fits);
  const [found] = fitting.sort(
    ([one], [other]) => Number(others.includes(one)) - Number(others.includes(other)),
  );
  return found === undefined ? { labels } : { service: found[0], labels: {} };
}

/** Names of labels are compared as Prometheus writes them, where other characters than letters and digits are `_`. */
function labelOf({ labels }: ComposeService, label: string): string | undefined {
  const plain = (name: string) => name.replace(/[^\w]/g, "_");
  return Object.entries(labels ?? {}).find(([name]) => plain(name) === plain(label))?.[1];
}

function containerNames(
  name: string,
  { container_name: fixed }: ComposeService,
  { name: project }: ComposeModel,
) {
  const own = fixed ?? `${project}-${name}-1`;
  return [own, `/${own}`];
}

function matches(form: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${form})$`).test(text);
  } catch {
    return false;
  }
}
