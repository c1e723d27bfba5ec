/** The shape of a site's own file of 2022 and 2023: switches, users, HLS and ICE servers of each path, a variable of its own for the pattern. */
export const LEGACY = `# Relay of the site.
# Sub-streams are started when somebody watches.
paths:
  live/~^[a-zA-Z0-9_-]+$:
    source: rtsp://camera-gateway/\${MATCH} # the recorder's gateway
    sourceProtocol: rtsp
    sourceOnDemand: true
    # starts the camera
    runOnDemand: /usr/local/bin/start-camera-stream.sh \${MATCH}
    runOnDemandCloseAfter: 30s
    webrtcEnabled: true
    webrtcICEServers:
      - stun:stun.l.google.com:19302
    hlsEnabled: true
    hlsSegmentCount: 6 # half of a short attention span
    hlsSegmentDuration: 2s
    rtmpEnabled: true
    readUser: vms-viewer
    readPass: \${VMS_STREAM_PASSWORD}
    readIPs: ['10.0.0.0/8', '192.168.0.0/16']
`
