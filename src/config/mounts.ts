/** `\040` and its like, by which fstab(5) and proc_pid_mountinfo(5) write spaces, tabs, newlines and backslashes. */
function unescapeField(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

function fields(text: string): string[][] {
  return text
    .split('\n')
    .filter(line => !/^\s*(#|$)/.test(line))
    .map(line =>
      line
        .trim()
        .split(/[ \t]+/)
        .map(unescapeField),
    )
}

/** Mount points that an fstab(5) text names: its second field. */
function fstabMountPoints(fstab: string): string[] {
  return fields(fstab)
    .map(line => line[1] ?? '')
    .filter(point => point.startsWith('/'))
    .map(point => (point === '/' ? point : point.replace(/\/+$/, '')))
}

/** Mount points of a /proc/PID/mountinfo text: its fifth field. An automount counts: it mounts when it is entered. */
function mountedPoints(mountinfo: string): Set<string> {
  return new Set(fields(mountinfo).map(line => line[4] ?? ''))
}

/**
 * The mount point on which the absolute `path` should lie by `fstab` and which is not mounted by `mountinfo`: writing
 * there would fill the disk below it. Undefined when all is as fstab says.
 */
export function missingMount(path: string, fstab: string, mountinfo: string): string | undefined {
  const holds = (point: string) => point === '/' || path === point || path.startsWith(`${point}/`)
  const mounted = mountedPoints(mountinfo)
  const nearest = fstabMountPoints(fstab)
    .filter(holds)
    .sort((a, b) => b.length - a.length)[0]
  return nearest === undefined || nearest === '/' || mounted.has(nearest) ? undefined : nearest
}
