import type { Command } from "commander";
import { UsageError } from "../base/errors.ts";
import { type CatalogueEntry, labelOf, readCatalogue, selectEntries } from "../places/images/catalogue.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import type { ImageStore } from "../places/images/image-store.ts";
import { openPlace } from "../places/open-place.ts";
import { type ImageRow, imagesJson, imagesTable } from "./kit/images-table.ts";
import { interruptSignal } from "./kit/interrupt.ts";

const chosenImages = "NAME, NAME:VERSION or `all` (default: those that the default scenario needs)";

/** `everyline images [pull|build|list]`: makes ready, and shows, the images that runs need. */
export function addImagesCommand(program: Command): void {
  const images = program
    .command("images")
    .description(
      "make images ready, by default those of the default scenario: pull them, else build them; a run makes by itself what it needs",
    )
    .argument("[image...]", chosenImages)
    .addHelpText(
      "after",
      `
Examples:
  everyline images               what the default scenario needs
  everyline images all           what any run or test may need, in advance
  everyline images kafka:4.3.0   one image
  everyline images list          what there is of all images
  everyline images build kafka   every version of Kafka that is known`,
    )
    .action((selectors: string[]) =>
      forEach(selectors, (images, entry, options) => images.resolve(entry, options)),
    );
  images
    .command("pull")
    .description("pull images and build none")
    .argument("[image...]", chosenImages)
    .action((selectors: string[]) => forEach(selectors, pullEntry));
  images
    .command("build")
    .description("build images from package registries and pull none, except what they are built on")
    .argument("[image...]", chosenImages)
    .action((selectors: string[]) =>
      forEach(selectors, (images, entry, options) => images.build(entry, options)),
    );
  images
    .command("list")
    .description("show every image, where it came from and whether it is there")
    .option("--json", "print JSON")
    .action(list);
}

type MakeReady = (images: ImageStore, entry: CatalogueEntry, options: ImageOptions) => Promise<void>;

async function forEach(selectors: string[], makeReady: MakeReady): Promise<void> {
  const options = { onProgress: say, signal: interruptSignal() };
  const catalogue = await readCatalogue();
  const entries =
    selectors.length > 0 ? selectEntries(catalogue, selectors) : catalogue.filter((entry) => entry.default);
  const images = await imagesOfPlace();
  for (const entry of entries) {
    await makeReady(images, entry, options);
    const local = await images.find(entry);
    if (local.state !== "missing")
      say(`${labelOf(entry)} is ready: ${local.image.reference}, ${local.image.origin}`);
  }
}

async function pullEntry(images: ImageStore, entry: CatalogueEntry, options: ImageOptions): Promise<void> {
  if (entry.pull !== undefined) return images.pull(entry.pull, options);
  say(`${labelOf(entry)} is in no registry: \`everyline images build ${labelOf(entry)}\` builds it.`);
}

async function imagesOfPlace(): Promise<ImageStore> {
  const { images } = await openPlace();
  if (images === undefined) throw new UsageError("this place runs programs without images.");
  return images;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const catalogue = await readCatalogue();
  const images = await imagesOfPlace();
  const rows: ImageRow[] = await Promise.all(
    catalogue.map(async (entry) => ({ entry, local: await images.find(entry) })),
  );
  process.stdout.write(json ? imagesJson(rows) : imagesTable(rows));
}
