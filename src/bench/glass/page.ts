/**
 * What runs in the browser. Each function is handed over as text, so it uses nothing from outside of itself. `shown` grows by one
 * entry for each picture that the browser has put on the screen: [key, wall-clock milliseconds]; `coded` by one for each coded frame
 * that came: [key, wall-clock milliseconds at which the camera sent it, by its mark]. Where both have the same key it is the same frame.
 */

/** Frames by WHEP: their RTP timestamp is the key, read by an encoded transform before they are decoded. */
export function installWhep({ url, token }: { url: string; token: string }): void {
  // biome-ignore lint/suspicious/noExplicitAny: the types of the browser are not those of Node.
  const page = globalThis as any
  page.coded = []
  page.shown = []
  page.trouble = ''
  const uuid = 'vmsctlM'
  const video = page.document.querySelector('video')
  const seen = (_: number, { rtpTimestamp, presentationTime }: { rtpTimestamp: number; presentationTime: number }) => {
    page.shown.push([rtpTimestamp, page.performance.timeOrigin + presentationTime])
    video.requestVideoFrameCallback(seen)
  }
  video.requestVideoFrameCallback(seen)
  const peer = new page.RTCPeerConnection({ encodedInsertableStreams: true })
  const { receiver } = peer.addTransceiver('video', { direction: 'recvonly' })
  const { readable, writable } = receiver.createEncodedStreams()
  const latin = new TextDecoder('latin1')
  const transform = new page.TransformStream({
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    transform(frame: any, controller: any) {
      const text = latin.decode(new Uint8Array(frame.data, 0, Math.min(frame.data.byteLength, 2_048)))
      const at = text.indexOf(uuid)
      if (at >= 0)
        page.coded.push([frame.getMetadata().rtpTimestamp, Number.parseInt(text.slice(at + 74, at + 90), 16) / 1_000])
      controller.enqueue(frame)
    },
  })
  readable.pipeThrough(transform).pipeTo(writable)
  peer.ontrack = ({ streams, track }: { streams: unknown[]; track: unknown }) => {
    video.srcObject = streams[0] ?? new page.MediaStream([track])
    video.play()
  }
  const begin = async () => {
    await peer.setLocalDescription(await peer.createOffer())
    while (peer.iceGatheringState !== 'complete') await new Promise(resolve => setTimeout(resolve, 10))
    const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${token}` }
    const answer = await fetch(url, { method: 'POST', headers, body: peer.localDescription.sdp })
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
    await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
  }
  page.peer = peer
  begin().catch(error => {
    page.trouble = String(error)
  })
}

/** Frames by HLS (hls.js): their place in the media, in ms, is the key, read from the fragments as they go to the decoder. */
export function installHls({ url, token }: { url: string; token: string | undefined }): void {
  // biome-ignore lint/suspicious/noExplicitAny: the types of the browser are not those of Node.
  const page = globalThis as any
  page.coded = []
  page.shown = []
  page.trouble = ''
  const video = page.document.querySelector('video')
  const seen = (_: number, { mediaTime, presentationTime }: { mediaTime: number; presentationTime: number }) => {
    page.shown.push([Math.round(mediaTime * 1_000), page.performance.timeOrigin + presentationTime])
    video.requestVideoFrameCallback(seen)
  }
  video.requestVideoFrameCallback(seen)
  const latin = new TextDecoder('latin1')
  let timescale = 90_000
  const boxes = (bytes: DataView, from: number, to: number): [string, number, number][] => {
    const found: [string, number, number][] = []
    for (let at = from; at + 8 <= to; ) {
      const size = bytes.getUint32(at)
      if (size < 8) break
      found.push([latin.decode(new Uint8Array(bytes.buffer, bytes.byteOffset + at + 4, 4)), at + 8, at + size])
      at += size
    }
    return found
  }
  const inside = (bytes: DataView, [, from, to]: [string, number, number], name: string) =>
    boxes(bytes, from, to).filter(([type]) => type === name)
  /** ISO/IEC 14496-12: each sample of each track fragment, its time, and the mark in its bytes. */
  const read = (bytes: DataView, shift: number) => {
    for (const top of boxes(bytes, 0, bytes.byteLength)) {
      if (top[0] === 'moov') {
        const [mdhd] = inside(bytes, inside(bytes, inside(bytes, top, 'trak')[0]!, 'mdia')[0]!, 'mdhd')
        timescale = bytes.getUint32(mdhd![1] + (bytes.getUint8(mdhd![1]) === 1 ? 20 : 12))
      }
      if (top[0] !== 'moof') continue
      for (const traf of inside(bytes, top, 'traf')) {
        const tfhd = inside(bytes, traf, 'tfhd')[0]![1]
        const tfdt = inside(bytes, traf, 'tfdt')[0]![1]
        let time = bytes.getUint8(tfdt) === 1 ? Number(bytes.getBigUint64(tfdt + 4)) : bytes.getUint32(tfdt + 4)
        const flags = bytes.getUint32(tfhd) & 0xffffff
        let at = tfhd + 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0)
        const usual = { duration: 0, size: 0 }
        if (flags & 8) usual.duration = bytes.getUint32(at)
        at += flags & 8 ? 4 : 0
        if (flags & 16) usual.size = bytes.getUint32(at)
        for (const [, trun] of inside(bytes, traf, 'trun')) {
          const has = bytes.getUint32(trun) & 0xffffff
          const version = bytes.getUint8(trun)
          let field = trun + 8
          let data = top[1] - 8
          if (has & 1) data += bytes.getInt32(field)
          field += (has & 1 ? 4 : 0) + (has & 4 ? 4 : 0)
          for (let left = bytes.getUint32(trun + 4); left > 0; left--) {
            const next = () => {
              field += 4
              return bytes.getUint32(field - 4)
            }
            const duration = has & 0x100 ? next() : usual.duration
            const size = has & 0x200 ? next() : usual.size
            if (has & 0x400) next()
            const offset = has & 0x800 ? (version === 1 ? next() | 0 : next()) : 0
            const head = Math.min(size, 2_048, Math.max(0, bytes.byteLength - data))
            const text = latin.decode(new Uint8Array(bytes.buffer, bytes.byteOffset + data, head))
            const mark = text.indexOf('vmsctlM')
            const media = Math.round(((time + offset) / timescale + shift) * 1_000)
            if (mark >= 0) page.coded.push([media, Number.parseInt(text.slice(mark + 74, mark + 90), 16) / 1_000])
            time += duration
            data += size
          }
        }
      }
    }
  }
  const { appendBuffer } = page.SourceBuffer.prototype
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  page.SourceBuffer.prototype.appendBuffer = function (this: any, data: any) {
    try {
      const {
        buffer,
        byteOffset = 0,
        byteLength,
      } = ArrayBuffer.isView(data) ? data : { buffer: data, byteLength: data.byteLength }
      read(new DataView(buffer, byteOffset, byteLength), this.timestampOffset)
    } catch (error) {
      page.trouble = `fragment: ${error}`
    }
    return appendBuffer.call(this, data)
  }
  const hls = new page.Hls({
    // As the watch page has it.
    ...{ lowLatencyMode: true, enableWorker: false, backBufferLength: 10, maxLiveSyncPlaybackRate: 1.1 },
    xhrSetup: (request: { setRequestHeader(name: string, value: string): void }) => {
      if (token !== undefined) request.setRequestHeader('authorization', `Bearer ${token}`)
    },
  })
  hls.on(page.Hls.Events.ERROR, (_: unknown, { fatal, details }: { fatal: boolean; details: string }) => {
    if (fatal) page.trouble = details
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  video.play().catch(() => {})
}
