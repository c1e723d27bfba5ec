/**
 * Cameras that one worker carries before `auto` asks for another: at 4 Mbps they take a quarter of a core. Each worker more
 * costs 75 MB.
 */
const CAMERAS_PER_WORKER = 250

/**
 * How many media workers a node runs. `auto` is one for every 250 cameras, at least one, at most one a core. While recording
 * runs the number never falls (`current`): moving a camera costs it a reconnect.
 */
export function workerCount(wanted: number | 'auto', cameras: number, cores: number, current = 0): number {
  const count = wanted === 'auto' ? Math.min(cores, Math.ceil(cameras / CAMERAS_PER_WORKER)) : wanted
  return Math.max(1, Math.floor(count), current)
}

/**
 * Camera to slot (0 to slots - 1). A camera keeps the slot it has in `previous`; new ones, and those whose slot is no more,
 * go to the emptiest, in the order of `cameras`. Cameras that are gone are left out.
 */
export function assignCameras(
  previous: ReadonlyMap<string, number>,
  cameras: readonly string[],
  slots: number,
): Map<string, number> {
  const load = new Array<number>(slots).fill(0)
  const assigned = new Map<string, number>()
  for (const camera of cameras) {
    const slot = previous.get(camera)
    if (slot === undefined || slot >= slots || slot < 0) continue
    assigned.set(camera, slot)
    load[slot]!++
  }
  for (const camera of cameras) {
    if (assigned.has(camera)) continue
    const slot = load.indexOf(Math.min(...load))
    assigned.set(camera, slot)
    load[slot]!++
  }
  return assigned
}
