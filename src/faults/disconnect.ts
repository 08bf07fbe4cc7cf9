import { z } from "zod";
import { endsOf, type LinkName, linkNames, linkOf, type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { CommonEvidence } from "./evidence.ts";
import { type Fault, type FaultContext, type Proof, shows } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { includesReader, inWords } from "./targets.ts";

const schema = z.strictObject({ kind: z.literal("disconnect"), target: z.enum(linkNames) });

/** Which instances were disconnected from which network, which networks the ends still share, and whether both ends run. */
const evidence = z.object({
  code: z.literal("cut"),
  instances: z.array(z.string()),
  network: z.string(),
  shared: z.array(z.string()),
  bothRun: z.boolean(),
  /** Instances at the ends that another fault of the schedule holds down. */
  heldDown: z.array(z.string()),
});

type CutEvidence = z.infer<typeof evidence>;

export const disconnect = {
  summary:
    "A link is cut until it heals: all containers at one of its ends are disconnected from its network.",
  schema,
  evidence,
  lasts: () => true,
  touches: ({ target }, pipeline) => linkOf(pipeline, target).disconnect,
  breaks: ({ target }) => [target],
  /** If the shipper pushes directly to the sink, the sink is polled over the same network. */
  pausesReading: ({ target }, pipeline) =>
    endsOf(target).includes("shipper") && includesReader(pipeline, linkOf(pipeline, target).disconnect),
  unsupportedReason: ({ target }, pipeline) =>
    target in pipeline.links
      ? undefined
      : `needs a network of its own between ${endsOf(target)
          .map((end) => inWords(pipeline, end))
          .join(" and ")}`,
  simpler: () => [],
  expected({ target }, pipeline) {
    const { network, disconnect } = linkOf(pipeline, target);
    const [one, other] = endsOf(target);
    return (
      `${disconnect.join(", ")}: not on the network ${network}; ${one} and ${other} run and share no network, when it is cut and ` +
      `still when it heals; lines are written meanwhile`
    );
  },
  create: ({ target }, context) =>
    onEveryInstance(context, servicesAt(context.stack.pipeline, target), new Disconnect(context, target)),
  clause: ({ target, times, held }) => `the link ${target} was cut${times}${held}`,
  describe({ instances, network, shared, bothRun, heldDown }) {
    const rest = shared.length === 0 ? "the ends share no other" : `but the ends share ${shared.join(", ")}`;
    const byAnother = `until another fault brought down ${heldDown.join(", ")}`;
    const ran = bothRun ? "while both ran" : "but not all of the ends run";
    return `${instances.join(", ")} taken from the network ${network}, ${rest}, ${heldDown.length > 0 ? byAnother : ran}`;
  },
} satisfies FaultKind<typeof schema, CutEvidence>;

function servicesAt(pipeline: Pipeline, link: LinkName): string[] {
  return endsOf(link).flatMap((part) => servicesOf(pipeline, part));
}

/** Cuts a link, and heals it unless another fault still holds it cut. */
class Disconnect implements Fault<CutEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #link: LinkName;
  /** The names of the instances at both ends. */
  readonly #ends: string[];
  #injectedAtMs = 0;

  constructor(context: FaultContext, link: LinkName) {
    this.#context = context;
    this.#link = link;
    this.#ends = context.stack.instances(servicesAt(context.stack.pipeline, link)).map(({ name }) => name);
  }

  async inject(): Promise<number> {
    const { holds, stack } = this.#context;
    return holds.alone(this.#ends, async () => {
      this.#injectedAtMs = Date.now();
      return holds.take("cut", this.#link) ? this.#injectedAtMs : stack.links.cut(this.#link);
    });
  }

  async prove(): Promise<Proof<CutEvidence | CommonEvidence>> {
    const { holds, stack } = this.#context;
    const replaced = this.#ends.filter((name) =>
      holds.wasDoneByAnother("replaced", name, this.#injectedAtMs),
    );
    // A container that replaces another is connected to all of its networks.
    if (replaced.length > 0)
      return shows(...replaced.map((instance) => ({ code: "ended-by-another" as const, instance })));
    // This must not be checked while another fault restarts one of them.
    return holds.alone(this.#ends, async () => {
      const { isCut, network, taken, shared, endsRun } = await stack.links.state(this.#link);
      const heldDown = this.#ends.filter((name) => holds.byAnother("down", name));
      const isCutOrDown = isCut || (shared.length === 0 && (await this.#restRuns(heldDown)));
      return {
        effective: isCutOrDown,
        evidence: [{ code: "cut", instances: taken, network, shared, bothRun: endsRun, heldDown }],
      };
    });
  }

  async heal(): Promise<number> {
    const { holds, stack } = this.#context;
    return holds.alone(this.#ends, async () =>
      holds.release("cut", this.#link) ? Date.now() : stack.links.heal(this.#link),
    );
  }

  /** Whether all instances at both ends run, except those that another fault holds down. */
  async #restRuns(heldDown: string[]): Promise<boolean> {
    if (heldDown.length === 0) return false;
    const rest = this.#ends.filter((name) => !heldDown.includes(name));
    const states = await Promise.all(rest.map((name) => this.#context.stack.instance(name).state()));
    return states.every(({ running }) => running);
  }
}
