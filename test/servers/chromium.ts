import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { requireProgram, type SkippableContext } from './available.js'
import { atEndOfRun } from './processes/end-of-run.js'
import { makePrivateFolder, removePrivateFolder } from './processes/leftovers.js'
import { freePort, type RunningProcess, startProcess } from './processes/process.js'

/** How large a window is, in pixels. */
export const windowSizes = {
  phone: { width: 360, height: 740 },
  tablet: { width: 820, height: 1100 },
  desktop: { width: 1280, height: 800 },
} as const

const wechatAgent =
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50.2700(0x2800323E) WeChat/arm64 NetType/WIFI Language/zh_CN'

export interface NewWindow {
  readonly size: keyof typeof windowSizes
  /** Chinese unless told otherwise. */
  readonly language?: 'zh-CN' | 'en-US'
  /** Whether its user likes pages dark. */
  readonly isDark?: boolean
  /** Whether it says that it is the browser inside WeChat. */
  readonly inWechat?: boolean
}

/** A Chromium of this run's own, without a window on the screen. */
export interface TestBrowser {
  readonly processId: number
  /** Holds all it writes. */
  readonly folder: string
  /** Opens an empty page with cookies and storage of its own, as somebody else's browser. */
  open(window: NewWindow): Promise<Page>
  /** Ends the browser and removes its profile. */
  stop(): Promise<void>
}

/** Starts the Chromium of the system for a suite or test; skips the caller where there is none. */
export async function startChromium(context: SkippableContext): Promise<TestBrowser> {
  const command = requireProgram(context, 'chromium')
  const folder = makePrivateFolder('chromium')
  try {
    const port = await freePort()
    const running = await launch(command, folder, port)
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    return control(browser, running, folder)
  } catch (error) {
    await removePrivateFolder(folder)
    throw error
  }
}

let shared: Promise<TestBrowser> | undefined

/** What a suite has of the one Chromium of the process. */
export interface SharedBrowser extends TestBrowser {
  /**
   * Gives what was opened so far to whoever opens the same kind of window next, as empty as a new one: a browser makes a
   * page anew with twice the work.
   */
  freePages(): Promise<void>
}

/**
 * The one Chromium of the process, whose start takes some seconds, for a suite or test; skips the caller where there
 * is none. `stop` closes the caller's own windows, and the browser ends after the last test.
 */
export async function shareChromium(context: SkippableContext): Promise<SharedBrowser> {
  requireProgram(context, 'chromium')
  shared ??= startChromium(context).then((browser) => {
    atEndOfRun(() => browser.stop())
    return browser
  })
  const browser = await shared
  const used: OpenPage[] = []
  let free: OpenPage[] = []
  return {
    ...browser,
    async open(window) {
      const kind = JSON.stringify(window)
      const found = free.find((one) => one.kind === kind)
      free = free.filter((one) => one !== found)
      const opened = found ?? { kind, window, page: await browser.open(window) }
      used.push(opened)
      return opened.page
    },
    async freePages() {
      for (const opened of used.splice(0)) {
        await makeEmpty(opened)
        free.push(opened)
      }
    },
    async stop() {
      for (const { page } of [...used, ...free]) await page.context().close()
    },
  }
}

interface OpenPage {
  readonly page: Page
  readonly window: NewWindow
  /** Equal for windows that are opened alike. */
  readonly kind: string
}

/** What tests listen to. */
const heard = ['pageerror', 'dialog', 'console', 'request', 'response', 'download']

async function makeEmpty({ page, window: { size } }: OpenPage): Promise<void> {
  for (const event of heard) page.removeAllListeners(event)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.evaluate('localStorage.clear(); sessionStorage.clear()')
  await page.context().clearCookies()
  await page.goto('about:blank')
  await page.setViewportSize(windowSizes[size])
}

/**
 * Saves what a page looks like under `dist/screenshots`, all of its height, if SCREENSHOTS=1 asks for pictures: painting a
 * page takes more of a core than all that is expected of it.
 */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (process.env['SCREENSHOTS'] !== '1') return
  const folder = join(process.cwd(), 'dist', 'screenshots')
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** By how many pixels a page is wider than its window; 0 for one that fits. */
export async function overflowOf(page: Page): Promise<number> {
  const root = 'document.documentElement'
  return page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`)
}

function launch(command: string, folder: string, port: number): Promise<RunningProcess> {
  const args = [
    '--headless',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--remote-debugging-port=${port}`,
    // Chromium's sandbox refuses to work for root, who in a container is all there is.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-breakpad',
    'about:blank',
  ]
  // It writes in its user's home and where temporary files go, whatever its profile is.
  const env = {
    ...process.env,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_CACHE_HOME: folder,
    TMPDIR: folder,
  }
  const isUp = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/json/version`)).ok
  return startProcess({ command, args, cwd: folder, env }, isUp)
}

function control(browser: Browser, running: RunningProcess, folder: string): TestBrowser {
  return {
    processId: running.pid,
    folder,
    async open({ size, language = 'zh-CN', isDark = false, inWechat = false }) {
      const agent = inWechat ? { userAgent: wechatAgent } : {}
      const isMobile = size === 'phone'
      const viewport = windowSizes[size]
      const colorScheme = isDark ? 'dark' : 'light'
      const context = await browser.newContext({
        viewport,
        isMobile,
        locale: language,
        colorScheme,
        ...agent,
      })
      return context.newPage()
    },
    async stop() {
      await browser.close()
      // Whatever Chromium still has running is in its process group.
      await running.kill()
      await removePrivateFolder(folder)
    },
  }
}
