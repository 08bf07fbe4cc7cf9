import { shipperConfigurations } from "../../products/known-configurations.ts";
import type { ConfigurationFile, ShipperConfiguration } from "../../products/shipper-configuration.ts";
import type { ComposeModel } from "./compose-model.ts";
import { configurationFilesOf, programOf, type ServiceProgram } from "./service-program.ts";

/** A program that ships lines, which a service seems to run. */
export interface SeemingShipper {
  configuration: ShipperConfiguration;
  program: ServiceProgram;
  /** Its configuration files by their form, whatever they are called. */
  files: ConfigurationFile[];
  /** How much speaks for it, the more the surer. */
  weight: number;
  /** What speaks for it, in a few words. */
  evidence: string[];
}

const weights = { form: 4, image: 3, program: 3 };

/** The programs that a service may run, by its image, its command line and the form of its configuration; the surest first. */
export async function shipperPrograms(model: ComposeModel, service: string): Promise<SeemingShipper[]> {
  const settings = model.services[service]!;
  const program = await programOf(service, settings);
  const all = await configurationFilesOf(model, settings, program);
  const seeming = shipperConfigurations.map((configuration) => {
    const files = all.filter((file) => configuration.isForm(file));
    const isImage = configuration.image.test(program.imageName);
    const isProgram = program.words.some((word) => configuration.program.test(word));
    const evidence = [
      ...(isImage ? [`the image ${program.image}`] : []),
      ...(isProgram ? ["its command line"] : []),
      ...(files.length > 0 ? [`the form of ${files[0]!.path}`] : []),
    ];
    const weight =
      (isImage ? weights.image : 0) +
      (isProgram ? weights.program : 0) +
      (files.length > 0 ? weights.form : 0);
    return { configuration, program, files, weight, evidence };
  });
  return seeming.filter(({ weight }) => weight > 0).sort((one, other) => other.weight - one.weight);
}
