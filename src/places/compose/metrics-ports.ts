import { shipperProducts } from "../../products/known-shippers.ts";
import type { ComposeModel } from "./compose-model.ts";
import { configurationText } from "./configuration-text.ts";
import { shipperConfiguration } from "./read-shipper-settings.ts";

/** The maximum number of ports that are published for a run, at free ports of 127.0.0.1. */
const maxPorts = 16;
/** How configurations and flags name the port of a server; a wrong guess does no harm, because nothing answers there. */
const portForms = [
  /http_listen_port:\s*(\d+)/g,
  /\bport:\s*(\d+)/g,
  /\baddress:\s*["']?[\w.[\]:*-]*:(\d+)/g,
  /http-listen-port[= ](\d+)/g,
];

/**
 * The ports of its container at which a shipper's `/metrics` may answer: those in its flags, its configuration and its mounted files, those
 * that the Compose file publishes, and the default ports of the known products.
 */
export async function metricsPortsOf(model: ComposeModel, shipper: string): Promise<number[]> {
  const { command, ports, volumes } = model.services[shipper]!;
  const configuration = await shipperConfiguration(model, shipper);
  const files = volumes.filter(({ type }) => type === "bind").map(({ source }) => source!);
  const texts = [
    (command ?? []).join(" "),
    ...("files" in configuration ? configuration.files.map(({ text }) => text) : []),
    ...(await Promise.all(files.map(configurationText))),
  ];
  const named = texts.flatMap((text) =>
    portForms.flatMap((form) => [...(text ?? "").matchAll(form)].map(([, port]) => Number(port))),
  );
  const known = shipperProducts.flatMap(({ metricsPorts }) => metricsPorts);
  const all = [...named, ...ports.map(({ target }) => target), ...known];
  return [...new Set(all)].filter((port) => port > 0 && port <= 65_535).slice(0, maxPorts);
}
