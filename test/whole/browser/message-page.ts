import type { NewWindow, TestBrowser } from '../../servers/chromium.js'

const origin = 'http://shop.test'
const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** How a page shows a text as HTML. */
export type Way = 'innerHTML' | 'document.write' | 'parsed'

/** What came of showing texts in a page. */
export interface Shown {
  /** Calls of `alert`, dialogs and uncaught errors: signs that something ran. */
  readonly ran: readonly string[]
  /** Addresses that the page asked for, but for itself. */
  readonly requests: readonly string[]
  /** All elements that the texts became, each with its attributes. */
  readonly elements: readonly {
    readonly name: string
    readonly attributes: Readonly<Record<string, string>>
  }[]
  /** What a person reads in each box; fewer than texts where one broke out of its own. */
  readonly read: readonly string[]
  /** Where links lead and pictures come from, as the browser understands it. */
  readonly addresses: readonly string[]
}

/** Shows texts in a page, each in a box of its own, clicks on and hovers over all of them, and tells what came of it. */
export interface MessagePage {
  show(texts: readonly string[], way: Way): Promise<Shown>
  close(): Promise<void>
}

const window: NewWindow = { size: 'phone' }

export async function openMessagePage(browser: TestBrowser): Promise<MessagePage> {
  const page = await browser.open(window)
  let html = ''
  let ran: string[] = []
  let requests: string[] = []
  page.on('dialog', (dialog) => {
    ran.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => ran.push(`error ${error.message}`))
  page.on('popup', (popup) => ran.push(`popup ${popup.url()}`))
  await page.route('**', async (route) => {
    const url = route.request().url()
    if (url === `${origin}/`) return route.fulfill({ contentType: 'text/html;charset=utf-8', body: html })
    requests.push(url)
    return route.fulfill({ contentType: 'image/gif', body: picture })
  })
  return {
    async show(texts, way) {
      ;[ran, requests] = [[], []]
      html = pageOf(texts, way)
      await page.goto(`${origin}/`)
      const shown = await page.evaluate<Seen>(lookAround).catch(() => undefined)
      if (!shown || page.url() !== `${origin}/`) ran.push(`left for ${page.url()}`)
      const { alerts = 0, elements = [], read = [], addresses = [] } = shown ?? {}
      if (alerts > 0) ran.push(`alert, ${alerts} times`)
      return { ran, requests, elements, read, addresses }
    },
    close: () => page.context().close(),
  }
}

type Seen = Omit<Shown, 'ran' | 'requests'> & { readonly alerts: number }

/** Anything that calls it has run. */
const counting = '<script>var alerts = 0; window.alert = function () { alerts += 1 }</script>'

function pageOf(texts: readonly string[], way: Way): string {
  const boxes = texts.map((text) => {
    // A script's own text must not end it.
    const quoted = JSON.stringify(text).replaceAll('<', '\\u003c')
    const box = `<div class="message">`
    if (way === 'parsed') return `${box}${text}</div>`
    if (way === 'document.write') return `${box}<script class="own">document.write(${quoted})</script></div>`
    const fill = `document.querySelector('.message:last-of-type').innerHTML = ${quoted}`
    return `${box}</div><script class="own">${fill}</script>`
  })
  const head = `<head><meta charset="utf-8">${counting}</head>`
  return `<!doctype html><html>${head}<body>${boxes.join('\n')}</body></html>`
}

/** Runs in the page: touches everything as a person may, waits for pictures and timers, and looks at what there is. */
const lookAround = `(async () => {
  const list = (root) => [...root.querySelectorAll('*')].filter((element) => element.className !== 'own')
  const boxes = [...document.querySelectorAll('body > .message')]
  document.addEventListener('click', (event) => event.preventDefault(), true)
  for (const element of boxes.flatMap(list))
    for (const kind of ['mouseover', 'pointerover', 'focus', 'click', 'toggle'])
      element.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }))
  await new Promise((resolve) => setTimeout(resolve, 20))
  const attributesOf = (element) => Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]))
  const elements = boxes.flatMap(list)
  const read = boxes.map((box) => {
    const copy = box.cloneNode(true)
    for (const script of copy.querySelectorAll('.own')) script.remove()
    return copy.textContent
  })
  return {
    alerts,
    elements: elements.map((element) => ({ name: element.localName, attributes: attributesOf(element) })),
    read,
    addresses: elements.flatMap((element) => [element.href, element.src]).filter((it) => it !== undefined).map(String),
  }
})()`
