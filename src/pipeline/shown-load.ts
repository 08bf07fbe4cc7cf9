/** How one container of a load appears to the shipper of a custom pipeline. */
export interface ShownContainer {
  /** Without the slash that the engine puts before it. */
  name: string;
  labels: Readonly<Record<string, string>>;
  image: string;
  /** The name of the network that it appears to be in. */
  network: string;
  /** Options of the logging driver `json-file`, as the user's service has them. */
  logOptions: Readonly<Record<string, string>>;
  /** Variables from which the logging driver may take what it keeps beside each line. */
  environment: Readonly<Record<string, string>>;
}

/** How the containers of a load appear: as those of one service of the user's Compose project. */
export interface ShownLoad extends Omit<ShownContainer, "name"> {
  /** `PROJECT-SERVICE`, which a number follows; or the fixed name of the service's only container. */
  name: string;
  isNameFixed: boolean;
}

/** How the shipper of a custom pipeline reads the stdout of containers, and how those of a load appear to it. */
export interface OwnStdout {
  /** `files`: it reads the engine's json-files. `api`: it asks the engine. */
  by: "files" | "api";
  shown: ShownLoad;
}

const numberLabel = "com.docker.compose.container-number";

/**
 * How one of the containers of a load appears.
 *
 * @param index of its source, from 0
 */
export function shownContainer(
  { name, isNameFixed, labels, ...shown }: ShownLoad,
  index: number,
): ShownContainer {
  const number = index + 1;
  return {
    ...shown,
    name: isNameFixed && index === 0 ? name : `${name}-${number}`,
    labels: { ...labels, [numberLabel]: `${number}` },
  };
}
