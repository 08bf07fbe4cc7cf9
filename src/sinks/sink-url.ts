import { attachedProject } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/place.ts";
import type { SinkOptions } from "./sink-options.ts";

/** Where a stack's sink answers queries now: the first instance that can be reached; undefined while no port is published. */
export async function sinkUrl(stack: Stack): Promise<string | undefined> {
  const { access, reader } = stack.pipeline.sink;
  if (access?.url !== undefined) return access.url;
  for (const instance of stack.instances([reader])) {
    const address = await instance.address();
    if (address !== undefined) return `${address.url}${access?.path ?? ""}`;
  }
  return undefined;
}

/** Where readings ask. Once something stands between, it stays; the address behind it is the one that it was put before. */
export function frontedUrl({ stack, front }: SinkOptions): () => Promise<string | undefined> {
  if (front === undefined) return () => sinkUrl(stack);
  let fronted: Promise<string | undefined> | undefined;
  return () => {
    fronted ??= sinkUrl(stack).then((url) => (url === undefined ? undefined : front(url)));
    return fronted;
  };
}

/** What the lines have in common that a sink is asked for: in a stack that others use as well, this run's alone; undefined for all. */
export function lineFilterOf({ stack, seed }: SinkOptions): string | undefined {
  return attachedProject(stack.pipeline) === undefined ? undefined : `${seed}/`;
}
