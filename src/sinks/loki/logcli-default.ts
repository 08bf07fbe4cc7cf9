import type { LineCodec } from "../../load/line.ts";
import { byBearing } from "../file/forms/bearing.ts";
import { colour, type FormReader, type LineForm, rfc3339 } from "../file/forms/form.ts";

const labels = String.raw`\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\}`;
const plain = new RegExp(`^${rfc3339} (?<labels>${labels})(?<gap> +)`);
const coloured = new RegExp(
  `^${colour}${rfc3339}${colour} ${colour}(?<labels>${labels}) *${colour}(?<gap> +)`,
);
const painted = new RegExp(`^${colour}${rfc3339}${colour} ${colour}${labels}(?<inside> *)${colour}`);

/**
 * logcli without `--output`: `TIME {LABELS} LINE`. logcli pads labels with spaces to the length of the longest. Only this padding is
 * removed; further spaces belong to the line.
 */
export const logcliDefault: LineForm = {
  readers: (sample, codec) => [plain, coloured].map((pattern) => () => reader(pattern, sample, codec)),
};

function reader(pattern: RegExp, sample: readonly string[], codec: LineCodec): FormReader {
  let longest = commonWidth(pattern, sample, codec);
  return {
    name: "logcli's default output",
    unwrap(text) {
      const found = partsOf(pattern, text);
      if (found === undefined) return undefined;
      longest = Math.max(longest, found.length);
      const room = Math.max(1, longest - found.length + 1);
      const taken = found.isFilled ? 1 : Math.min(found.gap, room);
      return text.slice(found.end - found.gap + taken);
    },
  };
}

interface Parts {
  /** The length of the labels, without the padding. */
  length: number;
  /** How many spaces precede the line. */
  gap: number;
  end: number;
  /** Whether spaces inside the colour sequences have padded the labels already. */
  isFilled: boolean;
}

function partsOf(pattern: RegExp, text: string): Parts | undefined {
  const match = pattern.exec(text);
  if (match?.groups === undefined) return undefined;
  const inside = painted.exec(text)?.groups?.inside ?? "";
  return {
    length: match.groups.labels!.length,
    gap: match.groups.gap!.length,
    end: match[0].length,
    isFilled: inside.length > 0,
  };
}

/** The width of the labels in most texts of a sample; single texts may be damaged. */
function commonWidth(pattern: RegExp, sample: readonly string[], codec: LineCodec): number {
  const bears = byBearing(codec);
  const widths = sample
    .filter(bears)
    .flatMap((text) => partsOf(pattern, text) ?? [])
    .map(({ length, gap }) => length + gap - 1);
  const votes = Map.groupBy(widths, (width) => width);
  return [...votes].sort(([, one], [, other]) => other.length - one.length)[0]?.[0] ?? 0;
}
