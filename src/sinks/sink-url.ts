import type { Stack } from "../places/place.ts";

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
