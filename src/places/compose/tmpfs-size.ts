const units: Record<string, number> = { "": 1, k: 1_024, m: 1_024 ** 2, g: 1_024 ** 3 };

/**
 * The number of bytes that a volume can hold by the options of the engine's local driver, as in `type: tmpfs, o: "size=32m"`.
 *
 * @returns undefined if its size is not limited, or is given as a share of the machine's memory
 */
export function tmpfsBytes(options: Record<string, string> | null | undefined): number | undefined {
  if (options?.type !== "tmpfs") return undefined;
  const given = (options.o ?? "").split(",").map((option) => /^size=(\d+)([kmg]?)$/i.exec(option.trim()));
  const last = given.findLast((size) => size !== null);
  return last ? Number(last[1]) * units[last[2]!.toLowerCase()]! : undefined;
}
