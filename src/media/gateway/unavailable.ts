/** The answer to a request whose worker is not there; `request` begins with it. */
export function unavailable(request: Buffer): string {
  const cseq = /\r?\ncseq:[ \t]*(\d{1,10})/i.exec(request.toString('latin1', 0, 16_384))?.[1] ?? '0'
  return `RTSP/1.0 503 The worker of this camera is restarting\r\nCSeq: ${cseq}\r\n\r\n`
}
