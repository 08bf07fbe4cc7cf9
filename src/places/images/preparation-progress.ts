const everyMs = 5_000;

/** Reports every five seconds how long something has taken so far and its latest message. */
export interface Progress {
  /** Stores the latest message. */
  note(text: string): void;
  /** Stops the reports. */
  end(): void;
}

/** Starts the reports: `WHAT` at once, then lines such as `WHAT (35 s): NOTE`. */
export function startProgress(what: string, tell: (text: string) => void): Progress {
  const startedAt = performance.now();
  let newest = "";
  tell(what);
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    tell(`${what} (${seconds} s)${newest ? `: ${newest}` : ""}`);
  }, everyMs);
  return {
    note(text) {
      newest = text.trim() || newest;
    },
    end() {
      clearInterval(timer);
    },
  };
}
