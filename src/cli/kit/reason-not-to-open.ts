/** Why no browser can be opened from here, as the beginning of a sentence; undefined where one can. */
export function reasonNotToOpen(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | undefined {
  // A forwarded display would have a browser run on the machine that is far away.
  if (env.SSH_CONNECTION || env.SSH_TTY) return "you are here over SSH";
  if (platform !== "linux" || env.DISPLAY || env.WAYLAND_DISPLAY) return undefined;
  // The browser of Windows is there, whether or not anything of Linux has a display.
  return env.WSL_DISTRO_NAME ? undefined : "there is no display here";
}
