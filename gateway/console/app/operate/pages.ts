import type { ComponentType } from 'react'
import type { PageProps } from './page-props.js'

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
  {
    path: 'users',
    zh: '用户',
    en: 'Users',
    method: 'manage.console.user.list',
    load: () => import('./users/users-page.js'),
  },
  {
    path: 'certificates',
    zh: '实名认证',
    en: 'Certificates',
    method: 'manage.console.certificate.list',
    load: () => import('./users/certificates-page.js'),
  },
  {
    path: 'applications',
    zh: '应用',
    en: 'Applications',
    method: 'manage.console.application.list',
    load: () => import('./applications/applications-page.js'),
  },
  {
    path: 'roles',
    zh: '角色',
    en: 'Roles',
    method: 'manage.console.role.list',
    load: () => import('./access/roles-page.js'),
  },
  {
    path: 'audit',
    zh: '审计',
    en: 'Audit',
    method: 'manage.console.audit.list',
    load: () => import('./access/audit-page.js'),
  },
  {
    path: 'limits',
    zh: '限额',
    en: 'Limits',
    method: 'manage.console.limit.list',
    load: () => import('./limits/limits-page.js'),
  },
  {
    path: 'settings',
    zh: '设置',
    en: 'Settings',
    method: 'manage.console.setting.list',
    load: () => import('./limits/settings-page.js'),
  },
  { path: 'account', zh: '我的账号', en: 'My account', load: () => import('./account/account-page.js') },
]
