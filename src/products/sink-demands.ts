import type { Environment } from "./filled-variables.ts";

/** What a sink's own configuration demands of those who ask it or send to it. */
export interface SinkDemands {
  /** Whether each request has to name a tenant. */
  needsTenant: boolean;
  /** The port of its API. */
  port: number;
}

/** How the configuration of a sink is found and read. */
export interface SinkConfiguration {
  /** The flag that names its file. */
  flag: RegExp;
  /** The file that its image brings, and names in its command. */
  ofImageAt: string;
  /** What holds for the configuration that its image brings. */
  ofImage: SinkDemands;
  /** The keys in the file that decide, for the line in a message. */
  tenantKey: readonly string[];
  portKey: readonly string[];
  /**
   * @param text of the file
   * @param words its command line, whose flags count more than the file
   * @param environment of its container
   * @throws an error of the parser, or a ZodError, if it is not its configuration, or depends on variables that are not known
   */
  demandsOf(text: string, words: readonly string[], environment: Environment): SinkDemands;
}
