/** Has Compose replace the container of a service by one that runs another image, with everything else as it was. */
export type Recreate = (service: string, reference: string) => Promise<void>;
