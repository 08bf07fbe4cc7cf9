import { type SinkKind, sinkName } from "../../pipeline/sink-kind.ts";

/** A service that does the sink's work, and that the configuration does not name. */
interface UnnamedSink {
  /** The sink's kind, which is also its key in the configuration. */
  kind: SinkKind;
  service: string;
  /** What it runs, in words. */
  runs: string;
  /** What the configuration should name. */
  services: string[];
}

/** What is wrong with a configuration that leaves out a service of the sink, and what to do about it. */
export function unnamedSink({ kind, service, runs, services }: UnnamedSink): string {
  const name = sinkName(kind);
  return (
    `the service ${service} runs ${runs} and is not among ${name}'s services, so that it would go on when ${name} is broken; ` +
    `write ${kind}.services: [${services.join(", ")}], with every other one that is ${name}'s.`
  );
}
