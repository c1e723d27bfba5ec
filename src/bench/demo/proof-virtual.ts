import { join } from 'node:path'
import { type StreamSendings, verifyFrames } from '../../media/virtual/index.ts'
import { cameraFiles } from './camera-files.ts'
import { gapsOf } from './sent-frames.ts'
import type { DemoCamera, DemoFault, DemoProof } from './types.ts'

/** Reads back every frame of virtual cameras and compares it with what they say they sent. */
export async function proveVirtual(
  archive: string,
  streams: readonly StreamSendings[],
  faults: readonly DemoFault[],
): Promise<DemoProof> {
  const verdict = await verifyFrames(archive, { expect: streams })
  const cameras: DemoCamera[] = []
  const strange: string[] = []
  for (const sendings of streams.filter(({ stream }) => stream === 'main')) {
    const { camera, run } = sendings
    const found = verdict.streams.find(stream => stream.camera === camera && stream.run === run)
    const { sent, gaps } = gapsOf(sendings, found, faults)
    const onDisk = found?.frames ?? 0
    const missing = gaps.reduce((sum, gap) => sum + (gap.framesLost ?? 0), 0)
    if (found && found.doubled > 0) strange.push(`${camera}: ${found.doubled} frames are on disk twice`)
    if (found && found.outOfOrder > 0) strange.push(`${camera}: ${found.outOfOrder} frames are out of order`)
    if (found && found.foreign > 0)
      strange.push(`${camera}: ${found.foreign} of its frames are in another camera's file`)
    if (onDisk + missing !== sent)
      strange.push(`${camera}: ${onDisk} frames on disk and ${missing} missing do not make the ${sent} that were sent`)
    cameras.push({ id: camera, sent, onDisk, missing, gaps, files: await cameraFiles(join(archive, camera)) })
  }
  if (verdict.unmarked > 0) strange.push(`${verdict.unmarked} frames were sent by no virtual camera, or are damaged`)
  for (const path of verdict.damaged) strange.push(`damaged file: ${path}`)
  for (const path of verdict.open) strange.push(`file that was not closed: ${path}`)
  return { cameras, faults: strange }
}
