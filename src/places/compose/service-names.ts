import type { ComposeService } from "./compose-model.ts";

/** The names by which other containers reach a service. */
export function namesOf(
  service: string,
  { container_name: name, hostname, networks }: ComposeService,
): string[] {
  const aliases = Object.values(networks).flatMap((endpoint) => endpoint?.aliases ?? []);
  return [service, ...[name, hostname].filter((other) => other !== undefined), ...aliases];
}

/** A service as a URL names it. */
export interface AddressedService {
  service: string;
  port: number;
  /** With its colon, as in `http:`. */
  protocol: string;
}

/** The service that a URL names; undefined if it is no URL, or names none. */
export function addressedService(
  services: Readonly<Record<string, ComposeService>>,
  text: string,
): AddressedService | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  const { hostname, protocol } = url;
  const found = Object.entries(services).find(([name, service]) => namesOf(name, service).includes(hostname));
  return (
    found && { service: found[0], port: Number(url.port) || (protocol === "https:" ? 443 : 80), protocol }
  );
}
