import { capitalized } from "../base/capitalized.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { shipperConfigurations } from "../products/known-configurations.ts";
import type { RunnableScenario } from "./scenario.ts";

/** The shipper of the reference architecture, which the sentences of scenarios name. */
const documented = "Promtail";

/** What happens in a scenario, in one sentence, with the program that ships lines in this pipeline by its own name, as far as it is known. */
export function summaryOf({ summary }: RunnableScenario, { shipper: { image } }: Pipeline): string {
  const program = image && shipperConfigurations.find((known) => known.image.test(image.name));
  return capitalized(summary.replaceAll(documented, program?.name ?? documented));
}
