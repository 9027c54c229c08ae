import { randomInt } from 'node:crypto'
import type { DrawPicture } from './picture.js'

/** Letters and digits that nobody takes for one another in the library's font. */
const characters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const length = 4
const style = { width: 120, height: 40, fontSize: 46, noise: 2, background: '#c9ced6' }

/** The library can be called with a text of ours, which its types leave out; its own texts are made by Math.random. */
type Draw = (text: string, options: typeof style) => string

/** Draws the letters' outlines as SVG, crossed by lines: nothing native, no font needed where it is shown. */
export const drawSvgPicture: DrawPicture = async () => {
  // Its font takes nine megabytes, which those need not have who show no pictures.
  const { default: library } = await import('svg-captcha')
  const draw = library as unknown as Draw
  const text = Array.from({ length }, () => characters[randomInt(characters.length)]).join('')
  return { text, contentType: 'image/svg+xml', body: draw(text, style) }
}
