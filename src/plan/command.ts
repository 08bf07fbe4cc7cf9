import { relative } from "node:path";
import type { Pipeline } from "../pipeline/pipeline.ts";

/** Whatever of a command line makes a difference to a run of its own. */
export interface Choices {
  image?: ReadonlyMap<string, string>;
  lines?: number;
  rate?: number;
  load?: string;
  asDocumented?: boolean;
  realTime?: boolean;
  outage?: string;
  settle?: string;
  faults: boolean;
}

/** What `everyline` is to be called with to carry out one run again, with lines of a new seed; the path of a configuration is from here. */
export function commandFor(
  run: { scenario: { name: string; layout?: string }; pipeline: Pipeline },
  choices: Choices,
): string[] {
  const { scenario, pipeline } = run;
  const { deployment } = pipeline;
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [name, `${value}`];
  const flag = (name: string, isSet: boolean | undefined) => (isSet ? [name] : []);
  const place =
    deployment.kind === "own"
      ? [
          ...option("--config", relative(".", deployment.configFile)),
          ...option("--project", deployment.project),
        ]
      : ["--pipeline", pipeline.name, ...option("--layout", scenario.layout ? undefined : pipeline.layout)];
  return [
    "run",
    scenario.name,
    ...place,
    ...[...(choices.image ?? [])].flatMap(([name, image]) => ["--image", `${name}=${image}`]),
    ...flag("--as-documented", choices.asDocumented),
    ...option("--lines", choices.lines),
    ...option("--rate", choices.rate),
    ...option("--load", choices.load),
    ...flag("--real-time", choices.realTime),
    ...option("--outage", choices.outage),
    ...option("--settle", choices.settle),
    ...flag("--no-faults", !choices.faults),
  ];
}
