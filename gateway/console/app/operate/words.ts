const english = {
  failed: 'The server did not answer as it should',
  yes: 'Yes',
  no: 'No',
  noRights: 'Your role does not include this page',
  noRightsHint: 'Ask an administrator who may change roles.',
}

export const words: Readonly<Record<'en' | 'zh', typeof english>> = {
  en: english,
  zh: {
    failed: '服务器没有正常响应',
    yes: '是',
    no: '否',
    noRights: '您的角色不包含此页面',
    noRightsHint: '请联系可以修改角色的管理员。',
  },
}
