/** What pulling, building and resolving an image take from their caller. */
export interface ImageOptions {
  /** Called with one line of text when something starts and every five seconds while it continues. */
  onProgress: (text: string) => void;
  /** Ends the work, and the processes it started, when it aborts. */
  signal: AbortSignal;
}
