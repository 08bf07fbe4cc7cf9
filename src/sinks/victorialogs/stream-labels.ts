import type { Labels } from "../sink.ts";

const labelForm = /([^\s,{}="]+)="((?:[^"\\]|\\.)*)"/g;

/** The labels of a stream as VictoriaLogs writes it: `{filename="/logs/app-1.log",job="logs"}`. */
export function labelsOf(stream: string): Labels {
  const labels = [...stream.matchAll(labelForm)].map(([, name, value]) => [name!, unquoted(value!)]);
  return Object.fromEntries(labels);
}

function unquoted(value: string): string {
  return value.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
