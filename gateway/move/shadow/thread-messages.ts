import type { Exchange } from '../traffic/exchange.js'
import type { CopyFigures } from './copy-settings.js'

/** What the thread that copies calls is told. */
export type ToThread =
  | { readonly kind: 'exchange'; readonly exchange: Exchange; readonly bytes: number }
  | { readonly kind: 'report' }
  | { readonly kind: 'close' }

/** What it tells. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'report'; readonly figures: CopyFigures }
  | { readonly kind: 'closed'; readonly figures: CopyFigures }
