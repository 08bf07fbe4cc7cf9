// What the launchers start: bin/everyline in a checkout, packaging/everyline in the npm package. A checkout runs its TypeScript; the
// package has no TypeScript of the command, and runs what it was compiled to. Older versions of Node can read this file, so that they can
// be refused with a clear message.
import { existsSync } from "node:fs";

const neededMajor = 24;

if (Number(process.versions.node.split(".")[0]) < neededMajor) {
  process.stderr.write(
    `everyline: Node ${neededMajor} or newer is needed, found ${process.version}. Install it from https://nodejs.org/.\n`,
  );
  process.exit(69);
}
const source = new URL("../src/cli/everyline.ts", import.meta.url);
const compiled = new URL("../dist/src/cli/everyline.js", import.meta.url);
const { start } = await import((existsSync(source) ? source : compiled).href);
await start();
