import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type Docker from "dockerode";
import { UnavailableError, UsageError } from "../../base/errors.ts";
import type { Redactor } from "../../base/redact.ts";
import { monitoringPartsOf } from "../../pipeline/monitoring.ts";
import { allPartsOf, type OwnDeployment, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import { inspectImage } from "../images/inspect-image.ts";
import { describeMountNote, type MountNote } from "../mount-note.ts";
import type { MountProof, StartOptions } from "../place.ts";
import { readCompose } from "./compose-model.ts";
import { composeOverride } from "./compose-override.ts";
import { type ComposeUpOptions, composeBuild, composeCreate, composeStart, composeUp } from "./compose-up.ts";
import type { EngineViews } from "./engine-view/engine-views.ts";
import { withLastLines } from "./failed-start.ts";
import { fillVolumes, otherMounts } from "./fill-mounts.ts";
import { givenMounts } from "./given-mounts.ts";
import { imagesToRun } from "./images-to-run.ts";
import { containersOf } from "./instances.ts";
import { notesOf } from "./mount-notes.ts";
import { sourceAt } from "./mounted-source.ts";
import { withoutServices } from "./needed-services.ts";
import { planOwn } from "./plan-own.ts";
import { serviceLabel } from "./project.ts";
import { proveMounts } from "./prove-mounts.ts";
import type { Recreate } from "./recreate.ts";
import { textsOf } from "./service-texts.ts";
import { servesUnnamed } from "./serving-unnamed.ts";
import { assertEngineHas } from "./shared-with-engine.ts";
import { shownToStack } from "./shown-to-stack.ts";
import { stackNotesOf } from "./stack-notes.ts";
import { assertNoEngineFolder } from "./stdout-check.ts";
import { movedNetworks } from "./subnets.ts";
import { takenSubnets } from "./taken-subnets.ts";
import { withoutMissing } from "./user-volumes.ts";

const overrideName = "everyline.override.yaml";

/** Copies the files of a custom pipeline to the folder of a run, without secrets. */
export async function copyOwn(deployment: OwnDeployment, folder: string, redactor: Redactor): Promise<void> {
  const taken = new Set<string>();
  for (const file of [deployment.configFile, ...deployment.composeFiles]) {
    // Files of several folders may have one name.
    const name = [basename(file), `${basename(dirname(file))}-${basename(file)}`].find(
      (one) => !taken.has(one),
    );
    if (name === undefined) continue;
    taken.add(name);
    await writeFile(join(folder, name), redactor.text(await readFile(file, "utf8")));
  }
}

/** What is known about a custom stack only at its start. */
export interface StartedOwn {
  /** Replaces the image of a service. */
  recreate: Recreate;
  /** Compares the files in the containers with the user's files. */
  proveMounts: () => Promise<MountProof>;
  /** The intended differences between the run's stack and the user's. */
  notes: MountNote[];
  /** The services that run beside the parts and go on running. */
  companions: string[];
}

/**
 * Starts the services of a custom pipeline, and what they depend on, independently of other stacks of the same Compose files.
 *
 * @throws UsageError if it has something that two stacks cannot both have
 * @throws UnavailableError if an image is not available or Compose fails
 */
export async function startOwn(
  docker: Docker,
  pipeline: Pipeline,
  deployment: OwnDeployment,
  project: string,
  options: StartOptions,
  views: EngineViews,
): Promise<StartedOwn> {
  const model = await readCompose(deployment.composeFiles, pipeline.folder, deployment.envFiles);
  const asWritten = {
    folder: pipeline.folder,
    files: deployment.composeFiles,
    project,
    envFiles: deployment.envFiles,
    environment: { ...options.variables, PWD: pipeline.folder },
    mayPull: true,
  };
  const { images, unavailable } = await imagesToRun(docker, model, deployment, options, (service) =>
    composeBuild(docker, { ...asWritten, services: [service] }),
  );
  const stoodFor = deployment.stdout?.shown.labels[serviceLabel];
  const running = withoutServices(deployment.services, model, [...unavailable.keys()]);
  const plan = await planOwn(pipeline, { ...deployment, services: running }, model, async (image) => {
    const { Config: config } = (await inspectImage(docker, image)) ?? {};
    return config?.Cmd ?? undefined;
  });
  const { started: services, shipper, reached } = plan;
  const mounts = {
    ...plan.mounts,
    own: await withoutMissing(docker, plan.mounts.own, model, dirname(deployment.composeFiles[0]!)),
  };
  const moved = await movedNetworks(model, {
    started: services,
    taken: await takenSubnets(docker),
    textsOf: (service) => textsOf(model, service, deployment.logsPath),
    random: Math.random(),
  });
  await assertNoEngineFolder(docker, shipper, mounts.kept);
  const written = services.map((name) => images.get(name) ?? model.services[name]!.image);
  await assertEngineHas(docker, project, written, [options.folder, ...deployment.composeFiles]);
  const notes = [
    ...stackNotesOf(model, { services: running, unavailable, stoodFor, mounts, moved }),
    ...notesOf(model, services, mounts),
  ];
  const copies = options.copiesFolder ?? options.folder;
  const shown = await shownToStack(pipeline, model, plan, options, () => views.open(options.runId, copies));
  const override = composeOverride(model, {
    started: services,
    shipper: { service: shipper, logsPath: deployment.logsPath, logs: logsToMount(deployment, options) },
    reached,
    images,
    moved,
    mounts: [...(await otherMounts(mounts.own, copies)), ...shown],
    notes: notes.map(describeMountNote),
  });
  const file = join(options.folder, overrideName);
  await writeFile(file, override);
  const started: ComposeUpOptions = {
    ...asWritten,
    files: [...deployment.composeFiles, file],
    // Compose does not build the image of a service that is not named here, nor start one of an inactive profile.
    services,
  };
  if (mounts.own.length > 0) {
    await composeCreate(docker, started);
    options.signal.throwIfAborted();
    await fillVolumes(docker, project, mounts.own);
  }
  options.signal.throwIfAborted();
  await composeStart(docker, started).catch(async (thrown) => {
    throw await withLastLines(docker, project, thrown);
  });
  const unnamed = await servesUnnamed(docker, project, pipeline, deployment);
  if (unnamed !== undefined) throw new UsageError(`${deployment.configFile}: ${unnamed}`);
  options.signal.throwIfAborted();
  const watching =
    options.isMonitored && pipeline.ownMonitoring ? monitoringPartsOf(pipeline.ownMonitoring) : [];
  const ofParts = [...allPartsOf(pipeline), ...watching].flatMap((part) => Object.keys(part.services));
  return {
    notes,
    companions: services.filter((service) => !ofParts.includes(service)),
    proveMounts: async () => proveMounts(docker, project, await givenMounts(model, services, mounts)),
    recreate: async (service, reference) => {
      const swap = join(options.folder, `everyline.swap-${service}.yaml`);
      await writeFile(swap, JSON.stringify({ services: { [service]: { image: reference } } }));
      await composeUp(docker, {
        ...started,
        files: [...started.files, swap],
        services: [service],
        replaces: true,
      });
    },
  };
}

/** The folder of the run's files; or the file itself, where that is mounted; undefined if the shipper reads no files of the run. */
function logsToMount({ lines, stdout }: OwnDeployment, { logsFolder }: StartOptions): string | undefined {
  if (stdout !== undefined) return undefined;
  return lines.isFileMounted ? join(logsFolder, lines.fileNames) : logsFolder;
}

/**
 * The folder of this machine from which the shipper of a running stack reads its log files; all of its containers must read the same.
 *
 * @throws UnavailableError if the stack is not up, the folder exists only in its containers, or the containers have different folders
 */
export async function attachedLogsFolder(
  docker: Docker,
  pipeline: Pipeline,
  { project, logsPath }: OwnDeployment,
): Promise<string> {
  const shippers = servicesOf(pipeline, "shipper");
  const listed = shippers.map((service) => containersOf(docker, project!, service));
  const containers = (await Promise.all(listed)).flat().filter(({ isUp }) => isUp);
  if (containers.length === 0) {
    throw new UnavailableError(
      `no container of the service ${shippers.join(", ")} runs in the Compose project ${project}; \`docker compose ls\` lists the running projects.`,
    );
  }
  const folders = new Map(containers.map(({ name, mounts }) => [name, sourceAt(mounts, logsPath)?.source]));
  const [folder, ...others] = new Set(folders.values());
  if (others.length > 0) {
    const each = [...folders].map(([name, source]) => `${name}: ${source ?? "none of this machine"}`);
    throw new UnavailableError(
      `the containers of ${shippers.join(", ")} read ${logsPath} from different folders (${each.join(", ")}), so no line would ` +
        "reach all of them; start them again from one Compose file.",
    );
  }
  const isHere =
    folder !== undefined &&
    (await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  if (isHere) return folder;
  throw new UnavailableError(
    `the folder ${logsPath} of ${shippers.join(", ")} is not a folder of this machine${folder ? ` (${folder} does not exist here)` : ""}; ` +
      "mount a folder there, so that lines can be written into it.",
  );
}
