import { messageOf } from "../../src/base/errors.ts";
import { installTools } from "../../src/places/images/install-tools.ts";
import { findBrowser } from "../../src/places/images/tools.ts";

/**
 * Where the browser is that looks at reports. Where there is none and apt may install one, that is done, and said on stderr: nothing but
 * these tests needs it.
 *
 * @returns undefined where there is none and none could be installed
 */
export async function needBrowser(): Promise<string | undefined> {
  const found = await findBrowser();
  if (found !== undefined) return found;
  const say = (text: string) => process.stderr.write(`tests: ${text}\n`);
  try {
    await installTools(["chromium"], { onProgress: say, signal: new AbortController().signal });
  } catch (thrown) {
    say(messageOf(thrown));
  }
  return findBrowser();
}
