import type { Environment } from "./filled-variables.ts";
import type { ShipperSettings } from "./shipper-settings.ts";

/** A configuration file of a program. */
export interface ConfigurationFile {
  /** In its container. */
  path: string;
  text: string;
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
}

/** The FILE of `--flag=FILE` or `--flag FILE`, wherever it is given. */
export function filesOfFlag(words: readonly string[], flag: RegExp): string[] {
  return words.flatMap((word, index) => {
    const [, name = word, value = words[index + 1] ?? ""] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    return flag.test(name) ? [value.replace(/^file:/, "")] : [];
  });
}
