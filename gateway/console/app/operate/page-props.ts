/** What a page is given: what stands behind its name in the address, `12345` of `#/users/12345`. */
export interface PageProps {
  readonly rest: readonly string[]
}
