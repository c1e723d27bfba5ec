import { Refused, reasonOf } from './api.js'

/** Milliseconds in which a connection must stand. */
const PATIENCE = 8_000

/**
 * Plays a stream by WebRTC (WHEP, draft-ietf-wish-whep). Rejects where it does not come about; `failed` is called when it
 * breaks off later.
 * @param {HTMLVideoElement} video
 * @param {{ url: string, iceServers: RTCIceServer[] }} connection
 * @param {(error: Refused) => void} failed
 * @returns {Promise<import('./play-hls.js').Playing>}
 */
export async function playWhep(video, { url, iceServers }, failed) {
  const peer = new RTCPeerConnection({ iceServers })
  /** @type {string | null} */
  let resource = null
  const stop = () => {
    peer.close()
    video.srcObject = null
    if (resource) void fetch(resource, { method: 'DELETE', keepalive: true }).catch(() => {})
  }
  try {
    peer.addTransceiver('video', { direction: 'recvonly' })
    peer.addTransceiver('audio', { direction: 'recvonly' })
    peer.ontrack = ({ streams: [stream] }) => {
      if (stream && video.srcObject !== stream) video.srcObject = stream
      void video.play().catch(() => {})
    }
    await peer.setLocalDescription()
    await gathered(peer)
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: peer.localDescription?.sdp ?? '',
    })
    if (answer.status !== 201) throw new Refused(answer.status, await reasonOf(answer))
    resource = answer.headers.get('location')
    await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
    await connected(peer)
  } catch (error) {
    stop()
    throw error
  }
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === 'failed') failed(new Refused(0, 'the connection broke off'))
  }
  return { latency: () => delayOf(peer), stop }
}

/**
 * All our addresses are in the offer, or there was time enough.
 * @param {RTCPeerConnection} peer
 */
function gathered(peer) {
  return new Promise(resolve => {
    setTimeout(resolve, 1_000)
    peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve(undefined))
  })
}

/** @param {RTCPeerConnection} peer */
function connected(peer) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Refused(0, 'no way through the network')), PATIENCE)
    const look = () => {
      if (peer.connectionState === 'connected') resolve(undefined)
      if (peer.connectionState === 'failed') reject(new Refused(0, 'no way through the network'))
    }
    peer.addEventListener('connectionstatechange', look)
    look()
  })
}

/**
 * What the network and the buffer of the player take, milliseconds: WebRTC does not tell when a picture was made.
 * @param {RTCPeerConnection} peer
 */
async function delayOf(peer) {
  let trip = 0
  let buffer = 0
  for (const report of (await peer.getStats()).values()) {
    if (report.type === 'candidate-pair' && report.nominated) trip = report.currentRoundTripTime ?? 0
    if (report.type === 'inbound-rtp' && report.kind === 'video' && report.jitterBufferEmittedCount > 0)
      buffer = report.jitterBufferDelay / report.jitterBufferEmittedCount
  }
  return (trip / 2 + buffer) * 1_000
}
