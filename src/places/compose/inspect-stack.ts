import type Docker from "dockerode";
import { EverylineError, messageOf, UsageError } from "../../base/errors.ts";
import type { OwnDeployment, Pipeline } from "../../pipeline/pipeline.ts";
import { pulledEntry } from "../images/catalogue.ts";
import { inspectImage } from "../images/inspect-image.ts";
import { stackProblems } from "./check-stack.ts";
import { type ComposeModel, readCompose } from "./compose-model.ts";
import { connectEngine } from "./engine.ts";
import { type Finding, fullDisks } from "./inspect-machine.ts";
import { textsOf } from "./service-texts.ts";
import { SourceLines } from "./source-lines.ts";
import { movedNetworks } from "./subnets.ts";
import { takenSubnets } from "./taken-subnets.ts";

const registryTimeoutMs = 8_000;

/** What was found about a custom pipeline: in its files, and on this machine. */
export interface StackFindings {
  ofFiles: Finding[];
  ofMachine: Finding[];
}

/**
 * Checks all that a run of a custom pipeline needs, and starts and pulls nothing: its files, addresses, tenant, images and subnets.
 *
 * @throws UsageError if Compose does not take the files
 */
export async function inspectStack(pipeline: Pipeline, deployment: OwnDeployment): Promise<StackFindings> {
  const model = await readCompose(deployment.composeFiles, pipeline.folder, deployment.envFiles);
  const problems = await stackProblems(pipeline, deployment, model);
  const wrong = problems.map(
    ({ at = deployment.configFile, text }): Finding => ({ subject: at, state: "missing", found: text }),
  );
  const ofEngine = await inspectWithEngine(pipeline, deployment, model);
  return { ofFiles: [describeServices(pipeline, deployment), ...wrong], ofMachine: ofEngine };
}

/** Which services a run starts, and why those that no part names. */
function describeServices(pipeline: Pipeline, { services }: OwnDeployment): Finding {
  const names = services.started.map((name) => {
    const need = services.needs.get(name);
    if (need === undefined) return name;
    if (need.code === "asked-for") return `${name} (asked for by \`with\`)`;
    if (need.code === "dependency") return `${name} (${need.of} depends on it)`;
    return `${name} (${need.by} names it as a host)`;
  });
  return { subject: `services of ${pipeline.name}`, state: "ok", found: names.join(", ") };
}

async function inspectWithEngine(
  pipeline: Pipeline,
  deployment: OwnDeployment,
  model: ComposeModel,
): Promise<Finding[]> {
  try {
    const docker = await connectEngine();
    const lines = await SourceLines.of(deployment.composeFiles, pipeline.folder);
    const images = deployment.services.started.map((name) =>
      inspectImageOf(docker, name, model, deployment, lines),
    );
    return [
      ...(await Promise.all(images)),
      ...(await inspectSubnets(docker, deployment, model, lines)),
      ...(await fullDisks(docker, process.cwd())),
    ];
  } catch (thrown) {
    if (!(thrown instanceof EverylineError)) throw thrown;
    const found = `images and subnets were not checked: ${messageOf(thrown)}`;
    return [{ subject: "engine", state: "optional", found }];
  }
}

async function inspectImageOf(
  docker: Docker,
  service: string,
  model: ComposeModel,
  { images, services }: OwnDeployment,
  lines: SourceLines,
): Promise<Finding> {
  const { image: written, build } = model.services[service]!;
  const wanted = images.get(service);
  const at = lines.at(["services", service, build === undefined ? "image" : "build"]);
  const subject = `image of ${service}`;
  if (wanted === undefined && build !== undefined) {
    const isThere = written !== undefined && (await inspectImage(docker, written)) !== undefined;
    return { subject, state: "ok", found: isThere ? `${written}, built before` : `is built (${at})` };
  }
  const image = wanted ?? written;
  if (image === undefined) return { subject, state: "missing", found: `has neither image nor build (${at})` };
  if ((await inspectImage(docker, image)) !== undefined) return { subject, state: "ok", found: image };
  const entry = await pulledEntry(image);
  if (entry !== undefined)
    return { subject, state: "ok", found: `${image}, pulled or built when a run starts` };
  const why = await whyNotInRegistry(docker, image);
  if (why === undefined) return { subject, state: "ok", found: `${image}, pulled when a run starts` };
  const found = `${at}: ${image} is not on this machine, and cannot be pulled: ${why}`;
  if (services.needs.get(service)?.code === "dependency")
    return { subject, state: "optional", found, remedy: `a run leaves ${service} out` };
  const remedy = `make \`docker pull ${image}\` work, or name another one: --image ${service}=REFERENCE`;
  return { subject, state: "missing", found, remedy };
}

/** Asks the registry of an image whether it has it; undefined if it has. */
async function whyNotInRegistry(docker: Docker, image: string): Promise<string | undefined> {
  const asked = docker
    .getImage(image)
    .distribution()
    .then(
      () => undefined,
      (thrown: unknown) => messageOf(thrown),
    );
  const limit = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => limit.resolve(`its registry did not answer within ${registryTimeoutMs / 1_000} s`),
    registryTimeoutMs,
  );
  try {
    return await Promise.race([asked, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function inspectSubnets(
  docker: Docker,
  { services, logsPath }: OwnDeployment,
  model: ComposeModel,
  lines: SourceLines,
): Promise<Finding[]> {
  try {
    const moved = await movedNetworks(model, {
      started: services.started,
      taken: await takenSubnets(docker),
      textsOf: (service) => textsOf(model, service, logsPath),
      random: 0,
    });
    return moved.map(({ network, from }) => ({
      subject: `subnet of ${network}`,
      state: "ok",
      found: `${from} is taken on this machine, so a run uses another (${lines.at(["networks", network])})`,
    }));
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    const subject = lines.at(["networks"]) ?? "subnets";
    return [{ subject, state: "missing", found: messageOf(thrown) }];
  }
}
