import { describe, expect, it } from 'vitest'
import { exact, product } from './rational.ts'
import { expectNear, figure, figures } from './support.ts'

describe('network and processors (vectors N1 to N6)', () => {
  it('N1: RTP over UDP on the wire', () => {
    const { factor, wire } = figures('net.rtp-udp', 'bitrate=800Mbps', 'payload=1400')
    expectNear(factor, 1.055714, 1e-6)
    expectNear(wire, 844.571429, 1e-9)
    expectNear(factor, exact(1_478).by(exact(1_400)).number(), 1e-14)
  })

  it('N2: interleaved in TCP', () => {
    expectNear(figures('net.rtsp-tcp', 'payload=1400').factor, 1.075714, 1e-6)
  })

  it('N3: what the headroom rule makes of it', () => {
    const of = figures('net.link', `bitrate=${figure('net.rtp-udp', 'bitrate=800Mbps')}Mbps`, 'rule=70%')
    expectNear(of.required, 1_206.530612)
    // Not 1 Gbit/s: the next.
    expect(of.link).toBe(2.5)
    expect(figures('net.link', 'bitrate=700Mbps').link).toBe(1)
    expect(figures('net.link', 'bitrate=0bps').link).toBe(0.1)
    expect(figures('net.link', 'bitrate=1Tbps').link).toBe(null)
  })

  it('N4: to operators', () => {
    expectNear(figure('net.operators', 'operators=20', 'tiles=9', 'sub=0.5Mbps', 'main=4Mbps'), 170)
  })

  it('N5: gateways are whole', () => {
    const of = figures('relay.gateways', 'viewers=250', 'each=100', 'spare=1')
    const needed = product(250).by(exact(100)).up()
    expect(of).toEqual({ needed, all: needed + 1 })
    // The other way: fill one after the other.
    let [left, filled] = [250, 0]
    for (; left > 0; filled++) left -= 100
    expect(needed).toBe(filled)
    expect(figures('relay.gateways', 'viewers=0')).toEqual({ needed: 0, all: 0 })
    expect(figure('relay.gateways', 'viewers=300', 'each=100', 'spare=0')).toBe(3)
  })

  it("N6: what MediaMTX's viewers cost", () => {
    expectNear(figure('relay.viewer-cost', 'cores=3', 'use=99%', 'viewers=150'), 0.0198)
    expectNear(figure('relay.viewer-cost', 'cores=2', 'use=100%', 'viewers=120'), 1 / 60)
    expectNear(figure('relay.cores', 'viewers=60', 'each=0.02', 'fill=60%'), 2)
  })
})
