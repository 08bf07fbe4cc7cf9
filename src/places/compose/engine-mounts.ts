import type { ComposeMount } from "./compose-model.ts";

const socketFile = /(^|\/)(docker|podman|containerd)[\w.-]*\.sock$/;
/** Folders in which engines have their sockets. */
const socketFolder = /^(\/var)?\/run(\/docker|\/podman|\/user(\/\d+)?)?\/?$/;
const defaultSocketName = "docker.sock";
/** Folders in which engines store their containers, and the logs of the machine. */
const foreignFolder =
  /^\/var\/(log|lib\/(docker|containers))(\/|$)|\/\.local\/share\/(docker|containers)(\/|$)/;
const engineFolder = /(^|\/)docker\/?$/;
const containersFolder = /(^|\/)docker\/containers\/?$/;
/** Folders that contain those of the engine. */
const machineFolders = ["/", "/var", "/var/lib"];

/** Whether a path of this machine is the socket of a container engine. */
export function isEngineSocket(path: string): boolean {
  return socketFile.test(path);
}

/**
 * Whether a folder of this machine gives access to lines or containers that are not a run's: the folders and sockets of container engines,
 * and the logs of the machine.
 */
export function isForeignFolder(path: string): boolean {
  return foreignFolder.test(path) || socketFolder.test(path) || containersFolder.test(path);
}

/** Whether a folder of this machine contains the engine's folders and everything else. */
export function isWholeMachine(path: string): boolean {
  return machineFolders.includes(path.replace(/(.)\/$/, "$1"));
}

/** Where a mount of a container leads to the engine's socket, as a path in the container; undefined if it does not. */
export function socketAt({ source = "", target }: ComposeMount): string | undefined {
  if (isEngineSocket(source)) return target;
  return socketFolder.test(source) ? within(target, defaultSocketName) : undefined;
}

/** Where a mount of a container leads to the engine's folder of containers; undefined if it does not. */
export function containersAt({ source = "", target }: ComposeMount): string | undefined {
  if (containersFolder.test(source)) return target.replace(/(.)\/$/, "$1");
  return engineFolder.test(source) && isForeignFolder(source) ? within(target, "containers") : undefined;
}

function within(folder: string, name: string): string {
  return `${folder.replace(/\/$/, "")}/${name}`;
}
