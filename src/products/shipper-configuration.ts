import type { Document } from "yaml";
import type { Environment } from "./filled-variables.ts";
import type { Backoff } from "./retry-horizon.ts";
import type { ShipperSettings } from "./shipper-settings.ts";

/** A configuration file of a program. */
export interface ConfigurationFile {
  /** In its container. */
  path: string;
  text: string;
}

/** What a run reads and changes in the configuration of a pipeline of Everyline's own, a YAML document. */
export interface SettingsForRuns {
  /**
   * How it tries again to deliver to its first target; settings that are absent have the program's defaults.
   *
   * @throws UsageError if a setting is not of the form that the program takes
   */
  backoffIn(configuration: Document): Backoff;
  /** Multiplies the times of this backoff by a factor, as `scaleBackoff` does. */
  scaleBackoff(configuration: Document, factor: number): void;
  /**
   * Makes it use the time in each line (its `time`, RFC 3339) as the timestamp instead of the time of reading. Without a time lapse both are
   * the same to within a second. What already uses a time of its own is not changed.
   */
  stampWithLineTime(configuration: Document): void;
}

/** How the configuration of a program that ships lines is found and read. */
export interface ShipperConfiguration {
  /** The program, as sentences call it. */
  name: string;
  /** Matches the last part of the repository of its images. */
  image: RegExp;
  /** Matches the word of a command line that is its program. */
  program: RegExp;
  /** Where the file is in its images, unless the command says otherwise. */
  defaults: readonly string[];
  /** The files that a command line names. */
  namedBy(words: readonly string[]): string[];
  /** Whether a file has the form of its configuration, whatever the file is called. */
  isForm(file: ConfigurationFile): boolean;
  /** The paths of further files that one of its files names, from its folder. */
  includedBy?(file: ConfigurationFile): string[];
  /** The file of `defaults` that its own images have. */
  builtIn?: string;
  /**
   * @param files one or several, in the order in which the program reads them
   * @param environment of its container
   * @throws an error of a parser, or a ZodError, if they are not a configuration of this program
   */
  settingsOf(files: readonly ConfigurationFile[], environment: Environment): ShipperSettings;
  /** Only of programs that ship lines in a pipeline of Everyline's own. */
  forRuns?: SettingsForRuns;
}

/** The FILE of `--flag=FILE` or `--flag FILE`, wherever it is given. */
export function filesOfFlag(words: readonly string[], flag: RegExp): string[] {
  return words.flatMap((word, index) => {
    const [, name = word, value = words[index + 1] ?? ""] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    return flag.test(name) ? [value.replace(/^file:/, "")] : [];
  });
}
