/** Whether a pattern of paths is of the files in which Docker keeps the stdout of containers. */
export function isOfDocker(glob: string): boolean {
  return /\/docker\/containers\/|-json\.log$/.test(glob);
}
