/** Lets Compose replace the container of a service by one with another image and otherwise the same settings. */
export type Recreate = (service: string, reference: string) => Promise<void>;
