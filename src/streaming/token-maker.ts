/** A token with which one person may watch one camera. */
interface MadeToken {
  readonly token: string
  /** Its id: may be shown and kept. */
  readonly id: string
  /** Wall-clock milliseconds. */
  readonly expires: number
}

/** Makes tokens for viewers, and takes them back. */
export interface TokenMaker {
  /** `life`: milliseconds that it holds. `note`: which program it is for. */
  make(user: string, camera: string, life: number, note: string | null): Promise<MadeToken>
  revoke(id: string, by: string): Promise<void>
}
