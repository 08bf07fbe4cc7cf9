import { attachedProject } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/place.ts";
import type { SinkOptions } from "./sink-options.ts";

/** The current URL of a stack's sink: that of the first reachable instance; undefined while no port is published. */
export async function sinkUrl(stack: Stack): Promise<string | undefined> {
  const { access, reader } = stack.pipeline.sink;
  if (access?.url !== undefined) return access.url;
  for (const instance of stack.instances([reader])) {
    const address = await instance.address();
    if (address !== undefined) return `${address.url}${access?.path ?? ""}`;
  }
  return undefined;
}

/** The URL that readings query. If `front` puts something between, this happens once, for the sink's address at that time. */
export function frontedUrl({ stack, front }: SinkOptions): () => Promise<string | undefined> {
  if (front === undefined) return () => sinkUrl(stack);
  let fronted: Promise<string | undefined> | undefined;
  return () => {
    fronted ??= sinkUrl(stack).then((url) => (url === undefined ? undefined : front(url)));
    return fronted;
  };
}

/** The text that restricts queries to the run's own lines in a stack that other sources use as well; undefined for all lines. */
export function lineFilterOf({ stack, seed }: SinkOptions): string | undefined {
  return attachedProject(stack.pipeline) === undefined ? undefined : `${seed}/`;
}
