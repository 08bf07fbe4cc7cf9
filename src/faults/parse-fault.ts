import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { nearestOf } from "../base/nearest.ts";
import { currentName } from "../pipeline/former-names.ts";
import { type FaultSpec, faultKinds, findKind, nameOf } from "./registry.ts";

/**
 * Checks the parameters of a fault as its kind declares them.
 *
 * @param further what stands beside them, such as when the fault is injected
 * @throws UsageError naming the kind, the parameter, and what was expected
 */
export function parseFault<Further extends z.ZodRawShape>(
  value: unknown,
  further: Further,
): FaultSpec & z.infer<z.ZodObject<Further>> {
  const named = z.looseObject({ kind: z.string() }).safeParse(value);
  // Of parts, links and groups former names are understood.
  const spec = named.success ? { ...named.data, target: withCurrentName(named.data.target) } : value;
  if (!named.success) throw new UsageError(`expected a fault with its kind, got ${JSON.stringify(value)}.`);
  const { kind: name } = named.data;
  const kind = findKind(name);
  if (kind === undefined) {
    const near = nearestOf(name, faultKinds.map(nameOf)).join(", ");
    throw new UsageError(`there is no kind of fault "${name}". Did you mean ${near}?`);
  }
  const parsed = kind.schema.extend(further).safeParse(spec);
  if (parsed.success) return parsed.data as FaultSpec & z.infer<z.ZodObject<Further>>;
  const problems = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(": "));
  throw new UsageError(`the fault ${JSON.stringify(value)} is no ${name}: ${problems.join("; ")}.`);
}

function withCurrentName(target: unknown): unknown {
  return typeof target === "string" ? currentName(target) : target;
}
