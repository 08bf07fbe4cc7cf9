import { UnavailableError } from "../base/errors.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { Instance } from "../places/instance.ts";
import { assertAble } from "./able.ts";
import { lastWordsOf } from "./await-ready.ts";
import type { CommonEvidence } from "./evidence.ts";
import { type Fault, type FaultContext, type Proof, proofOfAll, refutes } from "./fault.ts";
import { partImageOf } from "./part-image.ts";
import { type Change, type Image, Replacer } from "./replacer.ts";
import { type SwapEvidence, shortIdOf } from "./swap-image-evidence.ts";

/** What is replaced, by which image, and how what runs is ended. */
interface SwapSpec {
  target: string;
  image: string;
  isKilled?: boolean | undefined;
}

/**
 * An upgrade as it happens: a rolling replacement of containers by others that run another image on the same volumes, and the way back
 * when the fault heals. One that does not come up is replaced by what ran before at once, and so are those before it.
 */
export class RollingSwap implements Fault<SwapEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #spec: SwapSpec;
  readonly #instances: Instance[];
  readonly #replacer: Replacer;
  readonly #there: Change[] = [];
  #back: Change[] | undefined;

  constructor(context: FaultContext, spec: SwapSpec) {
    this.#context = context;
    this.#spec = spec;
    this.#replacer = new Replacer(context, spec.isKilled ? "kill" : "term");
    this.#instances = context.stack.instances(servicesOf(context.stack.pipeline, spec.target));
  }

  async inject(): Promise<number> {
    const image = await this.#wantedImage();
    for (const instance of this.#instances) {
      const change = await this.#replacer.replace(instance, image);
      this.#there.push(change);
      if (change.failure === undefined) continue;
      await this.#putBack();
      break;
    }
    return this.#there[0]?.endedAtMs ?? Date.now();
  }

  async prove(): Promise<Proof<SwapEvidence | CommonEvidence>> {
    return this.#proofOfAll(this.#there);
  }

  async heal(): Promise<number> {
    if (this.#back === undefined) await this.#putBack();
    return this.#back!.at(-1)?.readyAtMs ?? Date.now();
  }

  async proveHealed(): Promise<Proof<SwapEvidence | CommonEvidence>> {
    const back = this.#back ?? [];
    // What was put back at once runs, or has ended since: either way the fault was not what the scenario says.
    return back.length === 0 ? refutes({ code: "nothing-put-back" }) : this.#proofOfAll(back);
  }

  refusals(): SwapEvidence[] {
    return [...this.#there, ...(this.#back ?? [])].flatMap(({ instance, from, wanted, failure }) =>
      failure?.code === "ended"
        ? [
            {
              code: "refused-data",
              ...{ instance: instance.name, from: named(from.image), to: named(wanted) },
              failure,
            },
          ]
        : [],
    );
  }

  /** What was ended last is the first that is needed again where something failed; else in the order of the way there. */
  async #putBack(): Promise<void> {
    this.#back = [];
    const hasFailed = this.#there.some(({ failure }) => failure !== undefined);
    for (const { instance, from, to } of hasFailed ? this.#there.toReversed() : this.#there) {
      const change = await this.#replacer.replace(instance, from.image);
      this.#back.push(change);
      if (change.failure === undefined || to === undefined) continue;
      // The way back is closed: what wrote the data last can read it, and the lines in it are to be judged.
      this.#back.push(await this.#replacer.replace(instance, to.image));
      return;
    }
  }

  async #wantedImage(): Promise<Image> {
    const { stack, signal } = this.#context;
    assertAble(stack.resolveImage, "replace an image by another");
    const image = partImageOf(this.#spec, stack.pipeline) ?? this.#spec.image;
    const { sizeBytes: _, ...wanted } = await stack.resolveImage!(image, { onProgress: () => {}, signal });
    for (const instance of this.#instances) {
      assertAble(instance.replace, `replace ${instance.name} by a container that runs another image`);
      const { id } = await instance.image();
      if (id === wanted.id)
        throw new UnavailableError(`${instance.name} runs ${wanted.reference} (${shortIdOf(id)}) already.`);
    }
    return wanted;
  }

  async #proofOfAll(changes: Change[]): Promise<Proof<SwapEvidence>> {
    return proofOfAll(await Promise.all(changes.map((change) => this.#proofOf(change))));
  }

  async #proofOf({ instance, from, wanted, to, failure, ...times }: Change): Promise<Proof<SwapEvidence>> {
    const { name } = instance;
    const images = { instance: name, from: named(from.image), to: named(wanted) };
    if (to === undefined) return refutes({ code: "did-not-come-up", ...images, failure: failure! });
    const { running, exitCode, incarnation } = await instance.state();
    const isHeldDown = this.#context.holds.byAnother("down", name);
    if (incarnation === to.incarnation && !running && !isHeldDown) {
      const lastWords = await lastWordsOf(instance);
      return refutes({ code: "replaced-and-ended", ...images, exitCode, lastWords });
    }
    const isAnother = to.incarnation !== from.incarnation && to.image.id === wanted.id;
    const { endedAtMs, readyAtMs, linesMeanwhile, replay } = times;
    const known = { version: to.version, replay, linesMeanwhile, awayMs: readyAtMs - endedAtMs };
    return {
      effective: isAnother && linesMeanwhile > 0,
      evidence: [{ code: "replaced", ...images, ...known }],
    };
  }
}

function named({ reference, id }: Image): Pick<Image, "reference" | "id"> {
  return { reference, id };
}
