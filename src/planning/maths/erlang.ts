/** Chance that a call finds all servers busy and is lost, at an offered load in erlangs. The stable recursion over servers. */
export function erlangB(servers: number, load: number): number {
  if (load === 0) return servers === 0 ? 1 : 0
  let inverse = 1
  for (let n = 1; n <= servers && Number.isFinite(inverse); n++) inverse = 1 + (inverse * n) / load
  return 1 / inverse
}

/** Chance that a call must wait, when calls queue; 1 from the load on that the servers cannot serve. */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return load === 0 && servers === 0 ? 0 : 1
  const blocking = erlangB(servers, load)
  return blocking / (1 - (load / servers) * (1 - blocking))
}

/** The least number of servers that loses no more than the share `blocking` of the calls (above 0). */
export function erlangServers(load: number, blocking: number): number {
  if (load === 0) return 0
  let inverse = 1
  let servers = 0
  while (1 / inverse > blocking) {
    servers++
    inverse = 1 + (inverse * servers) / load
  }
  return servers
}
