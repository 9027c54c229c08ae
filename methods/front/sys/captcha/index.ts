import { defineMethod } from '../../../../gateway/contract/method.js'
import { storeCaptcha } from '../../../rules/codes/captchas.js'

/** A picture is never kept, never taken for a page, and loads nothing if it is opened as one. */
const pictureHeaders = [
  'Cache-Control',
  'no-store',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; style-src 'unsafe-inline'",
]

export default defineMethod('front.sys.captcha.index', {
  auth: 'none',
  // The mobile app asks for a picture at every key press.
  limit: { by: 'ip', points: 240, seconds: 60 },
  async handle({ params }, services) {
    const { text, contentType, body } = await services.drawCaptcha()
    await storeCaptcha(services, params.verify_key, text)
    return { status: 200, headers: ['Content-Type', contentType, ...pictureHeaders], body }
  },
})
