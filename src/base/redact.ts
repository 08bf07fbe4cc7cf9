const replacement = "[redacted]";
/** Redacting shorter values would remove harmless parts of a text. */
const minLength = 6;
const secretName =
  /pass(word|wd|phrase)?$|secret|token|api[_-]?key|credential|access[_-]?key|private[_-]?key/i;
const passwordInUrl = /(:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g;

/** Whether a variable's name says that its value is secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Removes secrets from everything that is stored: journals, reports, the last log lines of containers. */
export class Redactor {
  readonly #secrets = new Set<string>();

  constructor(secrets: Iterable<string> = []) {
    this.add(secrets);
  }

  /** Adds secrets, such as the passwords in a container's environment. Those shorter than six characters are ignored. */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) if (secret.length >= minLength) this.#secrets.add(secret);
  }

  text(text: string): string {
    // The longest first: one secret may be a part of another.
    const longestFirst = [...this.#secrets].sort((one, other) => other.length - one.length);
    const known = longestFirst.reduce((left, secret) => left.replaceAll(secret, replacement), text);
    return known.replace(passwordInUrl, `$1${replacement}`);
  }

  /** The same value with every string in it redacted. Keys are not changed. */
  deep<Value>(value: Value): Value {
    if (typeof value === "string") return this.text(value) as Value;
    if (Array.isArray(value)) return value.map((item) => this.deep(item)) as Value;
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.deep(item)])) as Value;
  }
}
