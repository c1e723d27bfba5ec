import { seededRandom } from '../../src/planning/maths/random.ts'
import { zipfShares } from '../../src/planning/maths/zipf.ts'
import type { ClosedViewers } from '../../src/planning/viewers/closed.ts'

/**
 * Operators in front of their walls, one after the other in time: each tile shows its camera for an exponential time and then one of
 * those that no other tile of the wall shows. Gives, again and again, how many different cameras were shown within the last linger.
 */
export function simulateWalls(of: ClosedViewers, samples: number, seed: number): number[] {
  const random = seededRandom(seed)
  const cumulative: number[] = []
  for (const share of zipfShares(of.cameras, of.zipf)) cumulative.push((cumulative.at(-1) ?? 0) + share)
  const draw = (): number => {
    const at = random()
    let [low, high] = [0, of.cameras - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (cumulative[middle]! > at) high = middle
      else low = middle + 1
    }
    return low
  }
  const drawApart = (wall: readonly number[]): number => {
    for (;;) {
      const camera = draw()
      if (!wall.includes(camera)) return camera
    }
  }
  const walls = Array.from({ length: of.viewers }, () => {
    const wall: number[] = []
    while (wall.length < of.tiles) wall.push(drawApart(wall))
    // Drawn one after the other a wall is not yet as it is in the long run.
    for (let step = 0; step < 20 * of.tiles; step++)
      wall[step % of.tiles] = drawApart(wall.toSpliced(step % of.tiles, 1))
    return wall
  })
  return Array.from({ length: samples }, () => {
    const seen = new Set<number>()
    for (const wall of walls) {
      if (of.tiles > 1) refresh(wall)
      else wall[0] = draw()
      for (const camera of wall) seen.add(camera)
      for (let time = next(); time < of.linger; time += next()) {
        const tile = Math.floor(random() * of.tiles)
        wall[tile] = drawApart(wall.toSpliced(tile, 1))
        seen.add(wall[tile]!)
      }
    }
    return seen.size
  })

  function next(): number {
    return (-Math.log(1 - random()) * of.dwell) / of.tiles
  }
  /** Long enough between two looks that they have little to do with each other. */
  function refresh(wall: number[]): void {
    for (let tile = 0; tile < 4 * of.tiles; tile++)
      wall[tile % of.tiles] = drawApart(wall.toSpliced(tile % of.tiles, 1))
  }
}
