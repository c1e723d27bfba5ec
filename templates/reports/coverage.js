/* Draws the part of the time that is looked at, with the pieces themselves, over the strips that are in the page already. */
{
  const { start, end, timezone, kinds, cameras } = JSON.parse(document.getElementById('data').textContent)
  const SECOND = 1000
  const HOUR = 3600 * SECOND
  const LEAST = 10 * SECOND
  const STEPS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2592000].map(
    s => s * SECOND,
  )
  const LOST = kinds.map(({ kind }) => kind === 'camera' || kind === 'machine')
  let view = { start, end }

  const zone = knowsZone(timezone) ? timezone : 'UTC'
  const format = options => new Intl.DateTimeFormat('en-SE', { timeZone: zone, hourCycle: 'h23', ...options })
  const clock = format({ hour: '2-digit', minute: '2-digit' })
  const seconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const day = format({ weekday: 'short', day: 'numeric', month: 'short' })
  const whole = format({
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const parts = format({
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })

  function knowsZone(name) {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
    } catch {
      return false
    }
  }

  /** How far the site's clocks are ahead of UTC. */
  function offset(at) {
    const value = {}
    for (const part of parts.formatToParts(at)) value[part.type] = Number(part.value)
    return (
      Date.UTC(value.year, value.month - 1, value.day, value.hour, value.minute, value.second) -
      Math.floor(at / SECOND) * SECOND
    )
  }

  function length(milliseconds) {
    const total = Math.round(milliseconds / SECOND)
    if (milliseconds < 10 * SECOND) return `${Math.round(milliseconds / 100) / 10} s`
    const all = [
      [86400, 'd'],
      [3600, 'h'],
      [60, 'min'],
      [1, 's'],
    ]
    const from = all.findIndex(([size]) => total >= size)
    let rest = total
    return all
      .slice(from, from + 2)
      .map(([size, unit]) => {
        const count = Math.floor(rest / size)
        rest -= count * size
        return count > 0 ? `${count} ${unit}` : ''
      })
      .filter(Boolean)
      .join(' ')
  }

  const rows = [...document.querySelectorAll('#strips tbody tr')].map((row, index) => {
    const canvas = document.createElement('canvas')
    canvas.className = 'screen'
    canvas.setAttribute('aria-hidden', 'true')
    row.querySelector('.strip').append(canvas)
    return { canvas, row, ...cameras[index] }
  })
  const axis = document.getElementById('axis')
  const tools = document.getElementById('tools')
  const tip = document.getElementById('tip')
  document.body.classList.add('live')

  let colours
  function readColours() {
    const style = getComputedStyle(document.documentElement)
    colours = kinds.map(({ kind }) => style.getPropertyValue(`--${kind}`))
  }

  /** Index of the first piece that ends behind `at`. */
  function firstPiece(pieces, at) {
    let low = 0
    let high = pieces.length / 3
    while (low < high) {
      const middle = (low + high) >> 1
      if (pieces[middle * 3 + 1] <= at) low = middle + 1
      else high = middle
    }
    return low
  }

  function drawRow({ canvas, pieces }) {
    const ratio = window.devicePixelRatio || 1
    const width = Math.round(canvas.clientWidth * ratio)
    const height = Math.round(canvas.clientHeight * ratio)
    if (width === 0) return
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d')
    const scale = width / (view.end - view.start)
    const first = firstPiece(pieces, view.start)
    // What is lost comes last and is never thinner than a pixel, so that no gap is too short to be seen.
    for (const lost of [false, true]) {
      for (let i = first * 3; i < pieces.length && pieces[i] < view.end; i += 3) {
        if (LOST[pieces[i + 2]] !== lost) continue
        const left = (pieces[i] - view.start) * scale
        const wide = (pieces[i + 1] - pieces[i]) * scale
        context.fillStyle = colours[pieces[i + 2]]
        context.fillRect(left, 0, lost ? Math.max(wide, ratio) : wide, height)
      }
    }
  }

  function drawAxis() {
    for (const tick of axis.querySelectorAll('.tick')) tick.remove()
    const most = Math.max(2, axis.clientWidth / 90)
    const step = STEPS.find(size => (view.end - view.start) / size <= most) || STEPS.at(-1)
    const first = Math.floor((view.start + offset(view.start)) / step) * step
    for (let local = first; ; local += step) {
      const at = local - offset(local - offset(local))
      if (at >= view.end) break
      if (at < view.start) continue
      const tick = document.createElement('span')
      tick.className = 'screen tick'
      tick.style.left = `${((at - view.start) * 100) / (view.end - view.start)}%`
      const midnight = local % 86400000 === 0
      tick.textContent = midnight ? day.format(at) : step < 60 * SECOND ? seconds.format(at) : clock.format(at)
      axis.append(tick)
    }
  }

  let pending = false
  function draw() {
    if (pending) return
    pending = true
    requestAnimationFrame(() => {
      pending = false
      for (const row of rows) {
        const { top, bottom } = row.canvas.getBoundingClientRect()
        if (bottom > -200 && top < window.innerHeight + 200) drawRow(row)
      }
      drawAxis()
      shown.textContent = `${whole.format(view.start)} to ${whole.format(view.end)}, ${zone} (${length(view.end - view.start)})`
    })
  }

  function show(from, to) {
    const size = Math.min(end - start, Math.max(LEAST, to - from))
    const begin = Math.min(end - size, Math.max(start, (from + to - size) / 2))
    view = { start: begin, end: begin + size }
    tip.hidden = true
    draw()
  }

  const middle = () => (view.start + view.end) / 2
  const around = size => show(middle() - size / 2, middle() + size / 2)
  const zoom = (factor, at = middle()) => show(at - (at - view.start) * factor, at + (view.end - at) * factor)
  const move = part => {
    const by = Math.min(end - view.end, Math.max(start - view.start, (view.end - view.start) * part))
    show(view.start + by, view.end + by)
  }

  const buttons = [
    ['whole', () => show(start, end), 'the whole time'],
    ['day', () => around(24 * HOUR), 'one day'],
    ['hour', () => around(HOUR), 'one hour'],
    ['10 min', () => around(HOUR / 6), 'ten minutes'],
    ['\u2212', () => zoom(2), 'zoom out'],
    ['+', () => zoom(0.5), 'zoom in'],
    ['\u25c0', () => move(-0.5), 'earlier'],
    ['\u25b6', () => move(0.5), 'later'],
  ]
  for (const [text, act, title] of buttons) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = text
    button.title = title
    button.setAttribute('aria-label', title)
    button.addEventListener('click', act)
    tools.append(button)
  }
  const shown = document.createElement('span')
  shown.id = 'shown'
  const hint = document.createElement('span')
  hint.textContent = 'Ctrl and wheel: zoom. Drag: move.'
  tools.append(shown, hint)
  tools.hidden = false
  document.querySelector('#strips thead').style.top = `${tools.offsetHeight}px`

  const timeAt = (canvas, x) => {
    const box = canvas.getBoundingClientRect()
    return view.start + ((x - box.left) * (view.end - view.start)) / box.width
  }

  function tell(row, event) {
    const at = timeAt(row.canvas, event.clientX)
    // Within two pixels a lost piece is meant, however short.
    const near = ((view.end - view.start) * 2) / row.canvas.clientWidth
    const { pieces } = row
    let found
    for (let i = firstPiece(pieces, at - near) * 3; i < pieces.length && pieces[i] <= at + near; i += 3) {
      const inside = pieces[i] <= at && at < pieces[i + 1]
      if (inside && found === undefined) found = i
      if (LOST[pieces[i + 2]]) found = i
    }
    tip.hidden = found === undefined
    if (found === undefined) return
    const [from, to, kind] = pieces.slice(found, found + 3)
    tip.textContent = `${row.camera}: ${kinds[kind].words}\n${whole.format(from)} to ${whole.format(to)}\n${length(to - from)}`
    const { offsetWidth, offsetHeight } = tip
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 12, window.innerWidth - offsetWidth - 8))}px`
    tip.style.top = `${event.clientY + 18 + offsetHeight > window.innerHeight ? event.clientY - offsetHeight - 10 : event.clientY + 18}px`
  }

  let drag
  for (const row of rows) {
    const { canvas } = row
    canvas.addEventListener('pointerdown', event => {
      drag = { x: event.clientX, view }
      canvas.setPointerCapture(event.pointerId)
    })
    canvas.addEventListener('pointermove', event => {
      if (!drag) return tell(row, event)
      const by = ((drag.x - event.clientX) * (drag.view.end - drag.view.start)) / canvas.clientWidth
      const held = Math.min(end - drag.view.end, Math.max(start - drag.view.start, by))
      show(drag.view.start + held, drag.view.end + held)
    })
    for (const name of ['pointerup', 'pointercancel'])
      canvas.addEventListener(name, () => {
        drag = undefined
      })
    canvas.addEventListener('pointerleave', () => {
      tip.hidden = true
    })
    canvas.addEventListener('dblclick', event => zoom(0.25, timeAt(canvas, event.clientX)))
    canvas.addEventListener(
      'wheel',
      event => {
        if (!event.ctrlKey && !event.metaKey) return
        event.preventDefault()
        zoom(Math.exp(Math.sign(event.deltaY) * 0.25), timeAt(canvas, event.clientX))
      },
      { passive: false },
    )
  }
  for (const button of document.querySelectorAll('#gaps button')) {
    button.addEventListener('click', () => {
      const [from, to] = [Number(button.dataset.start), Number(button.dataset.end)]
      const margin = Math.max(30 * SECOND, (to - from) / 2)
      show(from - margin, to + margin)
      document.getElementById('strips').scrollIntoView()
    })
  }
  window.addEventListener('scroll', draw, { passive: true })
  window.addEventListener('resize', draw)
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    readColours()
    draw()
  })
  readColours()
  draw()
}
