import type { Source } from '../grade.ts'

/** Where formulas and their defaults come from. Read on 2026-11-23; `date` is the source's own where it has one. */
export const SOURCES = {
  owner: { text: "the owner's document, S1 to S9" },
  mathematics: { text: 'mathematics; derived and tested in two ways' },
  decimal: { text: 'SI: 1 Mbps is 10^6 bit/s, 1 TB is 10^12 bytes' },
  judgement: { text: 'judgement; no source' },
  milestone: {
    text: 'Milestone, XProtect VMS design guide',
    url: 'https://doc.milestonesys.com/latest/en-US/wp_sysarch/vms_design_guide.htm',
  },
  milestoneStorage: {
    text: 'Milestone, storage architecture: RAID 5, 6 or 10 for larger sites',
    url: 'https://doc.milestonesys.com/latest/en-US/wp_storage_arch/microsoft_windows_recommendations.htm',
  },
  secondStream: {
    text: 'Network Optix: a second stream is about a tenth of the first',
    url: 'http://networkoptix.com/files/help/default/2/3/adjusting_second_stream_qualit.htm',
  },
  night: {
    text: 'Security Magazine: night can double H.264 traffic',
    url: 'http://www.securitymagazine.com/articles/83041-finding-storage-solutions-for-day-to-night-surveillance',
  },
  seagate45: {
    text: 'Seagate: 45 GB a day for 1080p at 15 fps',
    url: 'https://takesontech.com/seagate-announces-8-tb-surveillance-hdd-to-meet-growing-video-surveillance-capacity-needs',
  },
  canon: {
    text: 'Canon, manual of VK-64: 15 KB a picture, 2 fps, 16 cameras are 41,472,000 KB a day',
    url: 'http://tv.manualsonline.com/manuals/mfg/canon/vk64.html?p=30',
  },
  dahua: {
    text: 'Dahua, manual of NVR21-S2',
    url: 'https://manualshive.com/en/manual/dahua/nvr21-s2-series/4168572?page=465',
  },
  axxonSize: {
    text: 'AxxonSoft, C-Werk: size of the disk subsystem',
    url: 'https://doc.c-werk.com/display/cwerk41en/Size+of+disk+subsystem',
  },
  axxonDisks: {
    text: 'AxxonSoft, Axxon One 2025: disk subsystem requirements',
    url: 'https://docs.axxonsoft.com/confluence/spaces/ONE2025/pages/314535868/Disk+subsystem+requirements',
  },
  skyhawk: {
    text: 'Seagate SkyHawk AI 20 TB: 550 TB a year, 260 MB/s (blocksandfiles.com); older surveillance disks 180 TB a year',
    url: 'https://blocksandfiles.com/2022/03/28/seagate-launches-10-platter-20tb-video-surveillance-disk-drive/',
    date: '2022-03-28',
  },
  backblaze: {
    text: 'Backblaze drive statistics 2025: 1.36 % of 344,196 disks (news.lavx.hu); the worst models 4 to 17 %',
    url: 'https://news.lavx.hu/article/backblaze-2025-drive-reliability-report-shows-industry-wide-improvement',
    date: '2025',
  },
  rtp: {
    text: 'RFC 3550 section 5.1 (RTP 12 bytes), UDP 8, IPv4 20, Ethernet 38 with preamble and gap',
    url: 'https://www.rfc-editor.org/rfc/rfc3550#section-5.1',
  },
  interleaved: {
    text: 'RFC 2326 section 10.12 (interleaved, 4 bytes), TCP 32 with the time stamps of RFC 7323',
    url: 'https://www.rfc-editor.org/rfc/rfc2326#section-10.12',
  },
  genetecGateway: {
    text: 'Genetec Media Gateway 5.13: 100 streams of 1080p a server',
    url: 'https://techdocs.genetec.com/r/en-US/Security-Center-System-Requirements-Guide-5.13/Maximum-number-of-Media-Gateway-camera-streams-in-Security-Center-5.13',
  },
  mediamtxIssue: {
    text: 'MediaMTX issue 4963: 150 WebRTC viewers at 99 % of 3 cores',
    url: 'https://github.com/bluenviron/mediamtx/issues/4963',
  },
  operators: {
    text: 'Security SA: rooms have 3 to about 35 monitors an operator',
    url: 'https://securitysa.com/article.aspx?pklarticleid=3313',
  },
  nxFailover: {
    text: 'Network Optix, Nx 6.0: configuring failover (at most 256 cameras a server)',
    url: 'https://resources.vmsproxy.com/nx_6.0_help/configuring_failover.html',
  },
  laboratory: {
    text: 'what vmsctl starts from; in trials (NATS 2.9.10, one machine) leases of 15 s were taken over in 15 s',
    date: '2026-11-23',
  },
  erlang: { text: 'A. K. Erlang, 1917: loss and delay formulas' },
  poolPopularity: {
    text: 'Zipf popularity, as large IPTV measurements have it; nothing is published for surveillance',
  },
  electricity: {
    text: 'EIA table 5.6.A, US commercial mean, April 2026 (energypricestoday.com)',
    url: 'https://www.energypricestoday.com/data/sources/electricity-prices.json',
    date: '2026-04',
  },
  cloudFront: {
    text: 'Amazon CloudFront, first tier (techplained.com)',
    url: 'https://www.techplained.com/best-cdn-providers',
    date: '2026',
  },
} as const satisfies Record<string, Source>
