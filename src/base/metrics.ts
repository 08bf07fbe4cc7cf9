/** One sample of the Prometheus text format. */
export interface Metric {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const sampleForm = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$/;
const labelForm = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Parses the answer of a `/metrics` endpoint; comments and lines that are not samples are skipped. */
export function parseMetrics(text: string): Metric[] {
  return text.split("\n").flatMap((line) => {
    const match = sampleForm.exec(line);
    if (match === null) return [];
    const labels = [...(match[2] ?? "").matchAll(labelForm)].map(([, name, value]) => [
      name!,
      unescaped(value!),
    ]);
    return [{ name: match[1]!, labels: Object.fromEntries(labels), value: Number(match[3]) }];
  });
}

/** The sum of all samples of a name; 0 if there are none. */
export function sumOf(metrics: Metric[], name: string): number {
  return metrics.filter((metric) => metric.name === name).reduce((sum, { value }) => sum + value, 0);
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
