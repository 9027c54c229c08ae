import { useState } from 'react'

/** A form that stands in place of the button by which it is opened. */
export interface Editing {
  readonly isOpen: boolean
  /** For the button's `autoFocus`: it comes back with the focus that the form had. */
  readonly wasOpen: boolean
  readonly begin: () => void
  readonly end: () => void
}

export function useEditing(): Editing {
  const [state, setState] = useState<'new' | 'open' | 'closed'>('new')
  return {
    isOpen: state === 'open',
    wasOpen: state === 'closed',
    begin: () => setState('open'),
    end: () => setState('closed'),
  }
}
