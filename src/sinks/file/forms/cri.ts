import { type FormReader, type LineForm, rfc3339 } from "./form.ts";

/** How much of a line that arrives in parts is kept. */
const maxHeldCharacters = 1_048_576;
const pattern = new RegExp(`^${rfc3339} (stdout|stderr) ([PF])(?::[^ ]*)? `);
/** A node omits the separator after the tag if nothing follows it. */
const empty = new RegExp(`^${rfc3339} (stdout|stderr) ([PF])(?::[^ ]*)?$`);

/** Files of container runtimes under /var/log/pods: `TIME stdout F LINE`; parts of a line, `P`, are joined with what follows them. */
export const cri: LineForm = { readers: () => [reader] };

function reader(): FormReader {
  const held = new Map<string, string>();
  return {
    name: "a container runtime's file (CRI)",
    unwrap(text) {
      const match = pattern.exec(text) ?? empty.exec(text);
      if (match === null) return undefined;
      const [prefix, stream, tag] = match as unknown as [string, string, string];
      const line = ((held.get(stream) ?? "") + text.slice(prefix.length)).slice(0, maxHeldCharacters);
      held.delete(stream);
      if (tag === "F") return line;
      held.set(stream, line);
      return [];
    },
    end: () => [...held.values()],
  };
}
