import type { ComponentType } from 'react'

/** What a page is given: what stands behind its name in the address, `12345` of `#/users/12345`. */
export interface PageProps {
  readonly rest: readonly string[]
}

/** A page for administrators. */
export interface OperatePage {
  /** The first part of its address behind `#/`. */
  readonly path: string
  readonly zh: string
  readonly en: string
  /** It is in the navigation of those whose role includes this method; absent: of everybody who is signed in. */
  readonly method?: string
  /** Loads it when it is first shown: `() => import('./users/users-page.js')`, whose default export it is. */
  readonly load: () => Promise<{ readonly default: ComponentType<PageProps> }>
}

/** All pages for administrators, in the order of the navigation. Each area adds one entry per page. */
export const operatePages: readonly OperatePage[] = [
  {
    path: 'dashboard',
    zh: '运行概况',
    en: 'Dashboard',
    method: 'manage.console.dashboard.show',
    load: () => import('./dashboard/dashboard-page.js'),
  },
  {
    path: 'watch',
    zh: '实时观察',
    en: 'Live watch',
    method: 'manage.console.watch.list',
    load: () => import('./watch/watch-page.js'),
  },
  { path: 'account', zh: '我的账号', en: 'My account', load: () => import('./account/account-page.js') },
]
