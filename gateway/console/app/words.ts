import { createContext, useContext } from 'react'

export type Language = 'zh' | 'en'

const english = {
  title: 'Console',
  reference: 'Reference',
  doctor: 'Signature doctor',
  signIn: 'Sign in',
  language: '中文',
  skip: 'Skip to the content',
  search: 'Find a method by name or text',
  noMethods: 'No method has this in its name or text.',
  methods: 'methods',
  loading: 'Loading…',
  slow: 'The server takes long to answer.',
  failed: 'This could not be read',
  again: 'Try again',
  descriptionFailed: 'The description could not be read',
  pageFailed: 'This page could not be shown',
  choose: 'Choose a method on the left.',
  unknownMethod: 'There is no method of this name.',
  back: 'All methods',
  parameters: 'Parameters',
  noParameters: 'This method takes no parameters.',
  parameter: 'Parameter',
  meaning: 'Meaning',
  form: 'Form',
  example: 'Example',
  required: 'required',
  results: 'Fields of data in a successful answer',
  field: 'Field',
  errors: 'Errors that follow from the contract',
  noErrors: 'No errors but those that every method may answer.',
  code: 'Code',
  cause: 'When',
  fix: 'What to do',
  tryIt: 'Try it',
  fillExample: 'Fill in the example',
  send: 'Send',
  sending: 'Waiting for the answer…',
  upload: 'Uploads and streams cannot be tried here; use curl.',
  caller: 'Who calls',
  callerHint: 'Secret and token stay in the memory of this page and are gone when it is closed.',
  app: 'Application',
  scheme: 'Scheme',
  secret: 'Secret',
  unsigned: 'Without a secret the call is sent unsigned; a development server takes it from this machine.',
  token: 'Session token',
  tokenHint: 'What a sign-in answers as token.',
  needsSession: 'needs a session',
  needsSignature: 'needs a signature',
  request: 'Request',
  signed: 'Signed text',
  signedHint: 'The secret is masked.',
  notSigned: 'Nothing was signed.',
  answer: 'Answer',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Not copied: mark it and copy it by hand',
  copyHint:
    'The copies hold the token, and the programs the secret. They sign anew each time; the curl command of scheme hmac-sha256 is good for five minutes and one call.',
  unreachable: 'The server did not answer',
  ms: 'ms',
  doctorHint:
    'Paste the URL of a call that was refused, with the form below it if it was a POST. It is examined in this page and sent nowhere.',
  refusedUrl: 'URL that was refused',
  refusedForm: 'Form of the POST',
  examine: 'Examine',
  fits: 'The signature is right.',
  mistakes: 'What is wrong',
  unexplained:
    'The signature fits no secret and no mistake that is known. Compare the text below with the one that the client signs, letter for letter.',
  warnings: 'Good to know',
  expected: 'What the gateway signs',
  noUrl: 'This is no URL with parameters.',
  needAll: 'Name the application and its secret above.',
  optional: 'optional',
} as const

type Words = Readonly<Record<keyof typeof english, string>>

const chinese: Words = {
  title: '控制台',
  reference: '接口文档',
  doctor: '签名诊断',
  signIn: '登录',
  language: 'English',
  skip: '跳到正文',
  search: '按名称或说明查找接口',
  noMethods: '没有名称或说明包含此内容的接口。',
  methods: '个接口',
  loading: '加载中…',
  slow: '服务器响应较慢。',
  failed: '无法读取',
  again: '重试',
  descriptionFailed: '无法读取描述',
  pageFailed: '无法显示此页面',
  choose: '请在左侧选择一个接口。',
  unknownMethod: '没有这个接口。',
  back: '全部接口',
  parameters: '参数',
  noParameters: '此接口没有参数。',
  parameter: '参数',
  meaning: '含义',
  form: '格式',
  example: '示例',
  required: '必填',
  results: '成功响应中 data 的字段',
  field: '字段',
  errors: '由契约产生的错误',
  noErrors: '除所有接口共有的错误外没有其他错误。',
  code: '代码',
  cause: '何时出现',
  fix: '如何处理',
  tryIt: '试一试',
  fillExample: '填入示例',
  send: '发送',
  sending: '正在等待响应…',
  upload: '上传和事件流不能在此测试，请使用 curl。',
  caller: '调用者',
  callerHint: '密钥和令牌只保存在本页内存中，关闭页面即消失。',
  app: '应用',
  scheme: '签名方式',
  secret: '密钥',
  unsigned: '不填密钥则不签名发送；开发服务器接受本机的未签名调用。',
  token: '会话令牌',
  tokenHint: '登录接口返回的 token。',
  needsSession: '需要登录',
  needsSignature: '需要签名',
  request: '请求',
  signed: '签名文本',
  signedHint: '密钥已隐藏。',
  notSigned: '没有签名。',
  answer: '响应',
  copy: '复制',
  copied: '已复制',
  notCopied: '无法复制，请手动选取',
  copyHint:
    '复制内容含令牌，程序还含密钥。程序每次运行都会重新签名；hmac-sha256 的 curl 命令五分钟内有效且只能使用一次。',
  unreachable: '服务器没有响应',
  ms: '毫秒',
  doctorHint: '粘贴被拒绝的调用 URL；如果是 POST，请把表单填在下面。诊断在本页进行，不发送任何内容。',
  refusedUrl: '被拒绝的 URL',
  refusedForm: 'POST 表单',
  examine: '诊断',
  fits: '签名正确。',
  mistakes: '问题',
  unexplained: '签名与任何密钥和已知错误都不符。请逐字比较下面的文本与客户端签名的文本。',
  warnings: '注意',
  expected: '网关签名的文本',
  noUrl: '这不是带参数的 URL。',
  needAll: '请先填写应用和密钥。',
  optional: '可选',
}

export const words: Readonly<Record<Language, Words>> = { en: english, zh: chinese }

/** The language of the browser: English if it asks for that first, else Chinese, as the hosted pages have it. */
export function browserLanguage(): Language {
  const wanted = navigator.languages.find((language) => /^(zh|en)\b/.test(language))
  return wanted?.startsWith('en') ? 'en' : 'zh'
}

export const LanguageContext = createContext<Language>('en')

export function useLanguage(): Language {
  return useContext(LanguageContext)
}

export function useWords(): Words {
  return useTexts(words)
}

/** The words of an area in the language that is shown. */
export function useTexts<Texts>(texts: Readonly<Record<Language, Texts>>): Texts {
  return texts[useLanguage()]
}
