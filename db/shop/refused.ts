/** A database that holds tables which we cannot keep our data in; the message names each column, one a line. */
export class ShopRefusedError extends Error {
  override readonly name = 'ShopRefusedError'
}
