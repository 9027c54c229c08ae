/**
 * Puts the focus where the page's content begins: behind the head, and on a page of the reference behind the list of all
 * methods. For a change of the page, and where what had the focus is gone.
 */
export function focusContent(): void {
  const content = document.getElementById('method') ?? document.getElementById('content')
  content?.focus({ preventScroll: true })
}
