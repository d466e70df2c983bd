import type { KeyboardEvent as ReactKey } from 'react'

/** While an input method composes, Enter chooses a word: it must never submit. */
export function composing(e: KeyboardEvent | ReactKey): boolean {
  const native = 'nativeEvent' in e ? e.nativeEvent : e
  return native.isComposing || native.keyCode === 229
}

export function onEnter(run: () => void) {
  return (e: ReactKey) => {
    if (e.key === 'Enter' && !composing(e)) {
      e.preventDefault()
      run()
    }
  }
}

/** Whether a key typed here belongs to a text and not to a shortcut. */
export function typing(target: EventTarget | null): boolean {
  const el = target as HTMLElement | null
  if (!el?.closest) return false
  if (el.isContentEditable) return true
  const input = el.closest('input,textarea,select') as HTMLInputElement | null
  return !!input && !['checkbox', 'radio', 'button'].includes(input.type)
}
