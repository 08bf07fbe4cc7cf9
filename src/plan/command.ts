import { relative } from "node:path";
import type { Pipeline } from "../pipeline/pipeline.ts";

/** The parts of a command line that affect a single run. */
export interface Choices {
  image?: ReadonlyMap<string, string>;
  envFile?: readonly string[];
  profile?: readonly string[];
  lines?: number;
  rate?: number;
  load?: string;
  asDocumented?: boolean;
  realTime?: boolean;
  outage?: string;
  settle?: string;
  alerts?: boolean;
  expectAlerts?: boolean;
  faults: boolean;
}

/** The arguments of `everyline` that repeat a run, without its seed. The path of a configuration is relative to the current folder. */
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
    ...(choices.envFile ?? []).flatMap((file) => ["--env-file", file]),
    ...(choices.profile ?? []).flatMap((name) => ["--profile", name]),
    ...[...(choices.image ?? [])].flatMap(([name, image]) => ["--image", `${name}=${image}`]),
    ...flag("--as-documented", choices.asDocumented),
    ...option("--lines", choices.lines),
    ...option("--rate", choices.rate),
    ...option("--load", choices.load),
    ...flag("--real-time", choices.realTime),
    ...option("--outage", choices.outage),
    ...option("--settle", choices.settle),
    ...flag("--alerts", choices.alerts && !choices.expectAlerts),
    ...flag("--expect-alerts", choices.expectAlerts),
    ...flag("--no-faults", !choices.faults),
  ];
}
