import type { Variable } from './rule.js'

/** Variables of WeChat: the merchant's official account, mini program and PC site there. */
export const wechatVariables = {
  WECHAT_MP_APP_ID: {
    type: 'string',
    format: 'access-key',
    description: 'The AppID of the official account (公众号); absent, its sign-in is off.',
  },
  WECHAT_MP_SECRET: {
    type: 'string',
    format: 'access-key',
    'x-secret': true,
    description: 'The AppSecret that goes with it.',
  },
  WECHAT_MP_TOKEN: {
    type: 'array',
    items: { type: 'string', format: 'wechat-token' },
    'x-secret': true,
    description:
      'The Token of its message callback, while it is changed new,old; absent, messages are refused.',
  },
  WECHAT_MP_AES_KEY: {
    type: 'array',
    items: { type: 'string', format: 'wechat-aes-key' },
    'x-secret': true,
    description:
      'The EncodingAESKey of its message callback, for messages in safe mode; while it is changed new,old.',
  },
  WECHAT_MINI_APP_ID: {
    type: 'string',
    format: 'access-key',
    description: 'The AppID of the mini program (小程序); absent, its sign-in is off.',
  },
  WECHAT_MINI_SECRET: {
    type: 'string',
    format: 'access-key',
    'x-secret': true,
    description: 'The AppSecret that goes with it.',
  },
  WECHAT_WEB_APP_ID: {
    type: 'string',
    format: 'access-key',
    description: 'The AppID of the PC site at the open platform (网站应用); absent, sign-in by scan is off.',
  },
  WECHAT_WEB_SECRET: {
    type: 'string',
    format: 'access-key',
    'x-secret': true,
    description: 'The AppSecret that goes with it.',
  },
  WECHAT_WEB_RETURN: {
    type: 'string',
    format: 'public-url',
    description: 'The address of the PC site; a sign-in by scan returns to /#/login/login below it.',
  },
  WECHAT_EVENT_URL: {
    type: 'string',
    format: 'web-url',
    'x-password': true,
    description:
      'Where messages and events of the official account are posted to; absent, they are only kept.',
  },
  WECHAT_EVENT_SECRET: {
    type: 'string',
    minLength: 16,
    'x-secret': true,
    description: 'What these posts are signed with.',
  },
  WECHAT_API_URL: {
    type: 'string',
    format: 'public-url',
    default: 'https://api.weixin.qq.com',
    'x-password': true,
    description: 'The address of the WeChat API, or of a gateway to it.',
  },
  WECHAT_OPEN_URL: {
    type: 'string',
    format: 'public-url',
    default: 'https://open.weixin.qq.com',
    'x-password': true,
    description: 'The address of the pages on which WeChat asks people to agree.',
  },
} as const satisfies Record<string, Variable>
