import { type SinkKind, sinkName } from "../../pipeline/sink-kind.ts";

/** A service that does the work of the sink without being named by the configuration. */
interface UnnamedSink {
  /** The sink's kind, which is also its key in the configuration. */
  kind: SinkKind;
  service: string;
  /** What it runs, as a part of the message. */
  runs: string;
  /** The services that the configuration should list. */
  services: string[];
}

/** The error message for a configuration that omits a service of the sink, with a remedy. */
export function unnamedSink({ kind, service, runs, services }: UnnamedSink): string {
  const name = sinkName(kind);
  return (
    `the service ${service} runs ${runs} and is not among ${name}'s services, so it would continue while ${name} is broken; ` +
    `write ${kind}.services: [${services.join(", ")}], with every other service of ${name}.`
  );
}
