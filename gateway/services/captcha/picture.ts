/** A picture that a person reads a short text from. */
interface Picture {
  /** What it shows; any case of its letters is a right answer. */
  readonly text: string
  readonly contentType: string
  readonly body: string
}

/** What makes pictures; takes some milliseconds at most. Another way of making them is one more file beside this. */
export type DrawPicture = () => Promise<Picture>
