import { fileToRead } from "../places/compose/read-check.ts";
import { readingOf, type ShipperSettings } from "../products/shipper-settings.ts";

/**
 * The narrowest LogQL selector that a shipper's own configuration allows for the files in a folder: the labels that all of their streams
 * have, and the path if other files have the same labels.
 *
 * @returns the reason if there is none, as part of a sentence
 */
export function guessSelector(
  settings: ShipperSettings,
  folder: string,
): { selector: string } | { why: string } {
  const matching = readingOf(settings, fileToRead(folder));
  const [first, ...others] = matching;
  if (first === undefined) return { why: `the shipper's configuration names no file of ${folder}` };
  const common = Object.entries(first.labels).filter(([label, value]) =>
    others.every(({ labels }) => labels[label] === value),
  );
  if (common.length === 0)
    return { why: "the shipper's configuration sets no label that all lines of these files have" };
  const isShared = settings.reads.some(
    (files) => !matching.includes(files) && common.every(([label, value]) => files.labels[label] === value),
  );
  const matchers = common.map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  if (isShared && matching.every(({ hasFilename }) => hasFilename))
    matchers.push(`filename=~${JSON.stringify(`${folder.replace(/[^\w/-]/g, "\\$&")}/.+`)}`);
  return { selector: `{${matchers.join(", ")}}` };
}
