/**
 * Whether an engine can hang when containers of one network end at the same moment: Docker before 20.10.27, which has the correction of
 * https://github.com/moby/moby/issues/46661. It then answers nothing that touches a network or such a container until it is restarted.
 *
 * @param version as the engine reports it, like `20.10.24+dfsg1`
 */
export function hangsWhenContainersEndAtOnce(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map(Number);
  // Docker's versions begin with 17; smaller numbers are those of Podman, which answers the same API.
  return major >= 17 && (major < 20 || (major === 20 && (minor < 10 || (minor === 10 && patch < 27))));
}
