/** The variables of a container, as its Compose file sets them. */
export type Environment = Readonly<Record<string, string | null>>;

/** `${NAME}`, `${NAME:default}` and `${NAME:-default}`, as programs of Grafana's and Vector read them. */
const grafanaForm = /\$\{(\w+)(?::-?([^}]*))?\}/g;

/** A text with the variables filled in that are known, or have a default. */
export function filledText(text: string, environment: Environment, form: RegExp = grafanaForm): string {
  return text.replace(
    form,
    (whole, name: string, otherwise?: string) => environment[name] ?? otherwise ?? whole,
  );
}

/** A parsed configuration with the variables of its texts filled in. A text in which one remains is not what the program works with. */
export function filledValues(value: unknown, environment: Environment, form: RegExp = grafanaForm): unknown {
  if (typeof value === "string") return filledText(value, environment, form);
  if (Array.isArray(value)) return value.map((one) => filledValues(one, environment, form));
  if (typeof value !== "object" || value === null) return value;
  const filled = Object.entries(value).map(([key, one]) => [key, filledValues(one, environment, form)]);
  return Object.fromEntries(filled);
}
