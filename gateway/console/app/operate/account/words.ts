const english = {
  title: 'My account',
  signOut: 'Sign out',
}

export const words: Readonly<Record<'en' | 'zh', typeof english>> = {
  en: english,
  zh: { title: '我的账号', signOut: '退出登录' },
}
