import type { FrameMark } from '../../media/virtual/index.ts'

/** What a viewer got of a virtual camera's stream, by the numbers in its frames. */
export class FrameCount {
  frames = 0
  /** Frames between the first and the last that did not come. */
  missing = 0
  /** Frames that came twice, out of order, of another start of the camera, or without a mark. */
  strange = 0
  #last: FrameMark | undefined

  note(mark: FrameMark | undefined): void {
    this.frames++
    const last = this.#last
    if (mark && (!last || (mark.run === last.run && mark.camera === last.camera && mark.number > last.number))) {
      if (last) this.missing += mark.number - last.number - 1
      this.#last = mark
    } else this.strange++
  }
}
