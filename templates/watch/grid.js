import { drawPoster } from './poster.js'

/** Milliseconds between two pictures of a camera that is in view. */
const REFRESH = 15_000

/** The list of cameras: one button each, with its last picture, walked through with the arrow keys. */
export class Grid {
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons = new Map()
  #seen = new IntersectionObserver(entries => this.#inView(entries))
  /** @type {Set<HTMLButtonElement>} */
  #visible = new Set()
  #list
  #open

  /**
   * @param {HTMLElement} list
   * @param {(camera: string) => void} open
   */
  constructor(list, open) {
    this.#list = list
    this.#open = open
    list.addEventListener('keydown', event => this.#onKey(event))
    setInterval(() => {
      if (!document.hidden && list.checkVisibility()) for (const button of this.#visible) void this.#draw(button)
    }, REFRESH)
  }

  /** @param {readonly import('./api.js').Camera[]} cameras */
  show(cameras) {
    const wanted = new Set(cameras.map(({ id }) => id))
    for (const [id, button] of this.#buttons) {
      if (wanted.has(id)) continue
      this.#seen.unobserve(button)
      this.#visible.delete(button)
      button.parentElement?.remove()
      this.#buttons.delete(id)
    }
    for (const camera of cameras) {
      const button = this.#buttons.get(camera.id) ?? this.#add(camera.id)
      const [, , state] = button.children
      const text = camera.reason ?? camera.state
      if (state && state.textContent !== text) state.textContent = text
      button.toggleAttribute('data-trouble', camera.reason !== null)
    }
  }

  /** @param {string} text */
  filter(text) {
    const part = text.trim().toLowerCase()
    for (const [id, { parentElement }] of this.#buttons) {
      if (parentElement) parentElement.hidden = !id.toLowerCase().includes(part)
    }
  }

  /** @param {string} camera */
  focus(camera) {
    this.#buttons.get(camera)?.focus()
  }

  /**
   * The picture that is shown of a camera.
   * @param {string} camera
   */
  picture(camera) {
    return this.#buttons.get(camera)?.querySelector('canvas') ?? undefined
  }

  /** @param {string} id */
  #add(id) {
    const button = document.createElement('button')
    const name = document.createElement('span')
    const state = document.createElement('span')
    button.type = 'button'
    button.className = 'camera'
    button.dataset.camera = id
    name.textContent = id
    state.className = 'state'
    button.append(document.createElement('canvas'), name, state)
    button.addEventListener('click', () => this.#open(id))
    const item = document.createElement('li')
    item.append(button)
    this.#list.append(item)
    this.#buttons.set(id, button)
    this.#seen.observe(button)
    return button
  }

  /** @param {readonly IntersectionObserverEntry[]} entries */
  #inView(entries) {
    for (const { target, isIntersecting } of entries) {
      const button = /** @type {HTMLButtonElement} */ (target)
      if (!isIntersecting) this.#visible.delete(button)
      else if (!this.#visible.has(button)) {
        this.#visible.add(button)
        void this.#draw(button)
      }
    }
  }

  /** @param {HTMLButtonElement} button */
  async #draw(button) {
    const canvas = button.querySelector('canvas')
    const camera = button.dataset.camera
    if (canvas && camera) button.toggleAttribute('data-picture', await drawPoster(camera, canvas).catch(() => false))
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const buttons = [...this.#buttons.values()].filter(({ parentElement }) => !parentElement?.hidden)
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    if (at < 0) return
    const columns = buttons.filter(({ offsetTop }) => offsetTop === buttons[0]?.offsetTop).length
    /** @type {Record<string, number>} */
    const steps = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      Home: -at,
      End: buttons.length,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus()
  }
}
