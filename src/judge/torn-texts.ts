import type { TornLine } from "../load/ledger.ts";
import type { LineCodec } from "../load/line.ts";

/** A partial line that a crash of the application left, and whether it came back. */
export interface TornFinding extends TornLine {
  source: string;
  /** How many bytes the whole line has. */
  lineBytes: number;
  arrived: boolean;
}

/** What is read in place of bytes that are not UTF-8. */
const replacement = "\uFFFD";
const continuation = { mask: 0xc0, bits: 0x80 };

/**
 * The partial lines that crashes of the application left, known byte for byte from the ledger. Only these texts are recognised, each as
 * often as it was left; any other length, sequence or ending is damage.
 */
export class TornTexts {
  readonly findings: TornFinding[] = [];
  /** Copies of a partial line beyond those that were left: a part of the pipeline has sent it again. */
  surplusCopies = 0;
  readonly #byText = new Map<string, TornFinding[]>();

  constructor(codec: LineCodec, torn: readonly { source: string; torn?: TornLine[] | undefined }[]) {
    const left = torn.flatMap(({ source, torn = [] }) =>
      torn.map(({ sequence, bytes }) => {
        const line = Buffer.from(codec.encode(source, sequence));
        const finding = { source, sequence, bytes, lineBytes: line.length, arrived: false };
        this.findings.push(finding);
        return { finding, texts: textsOf(line.subarray(0, bytes)) };
      }),
    );
    // A text that matches several partial lines is assigned to the one with the fewest possible forms, because the others match more texts.
    for (const { finding, texts } of left.sort((one, other) => one.texts.length - other.texts.length)) {
      for (const text of texts) this.#byText.set(text, [...(this.#byText.get(text) ?? []), finding]);
    }
  }

  /** Whether a text is a partial line that has not come back yet. */
  awaits(text: string): boolean {
    return this.#byText.get(text)?.some(({ arrived }) => !arrived) ?? false;
  }

  /** Takes a text that was read; undefined if it is not a partial line of a crash. */
  add(text: string): TornFinding | undefined {
    const left = this.#byText.get(text);
    if (left === undefined) return undefined;
    const finding = left.find(({ arrived }) => !arrived);
    if (finding === undefined) this.surplusCopies++;
    else finding.arrived = true;
    return finding ?? left[0];
  }
}

/**
 * The forms in which the beginning of a line may be read: unchanged; or, if it ends inside a character, with one U+FFFD for all of that
 * character's bytes (as in Node), one for each (as some sinks answer), or any number in between.
 */
function textsOf(beginning: Buffer): string[] {
  const cutBytes = bytesOfCutCharacter(beginning);
  const whole = beginning.toString("utf8", 0, beginning.length - cutBytes);
  if (cutBytes === 0) return [whole];
  return Array.from({ length: cutBytes }, (_, index) => whole + replacement.repeat(index + 1));
}

/** How many bytes at the end belong to an incomplete character. */
function bytesOfCutCharacter(beginning: Buffer): number {
  let start = beginning.length - 1;
  while (start > 0 && (beginning[start]! & continuation.mask) === continuation.bits) start--;
  const lead = beginning[start]!;
  const characterBytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const bytes = beginning.length - start;
  return bytes < characterBytes ? bytes : 0;
}
