import i18next from 'i18next'
import { words } from '../client/call'

/** Whether a paper can be read once its password is given. */
export const locked = (reason: unknown) => reason === 'encrypted' || reason === 'password' || reason === 'locked_part'

/** Why a paper waits, in words, with what the checks add. */
export function reasonOf(reason: string, detail = ''): string {
  const said = i18next.exists(`reason.${reason}`) ? i18next.t(`reason.${reason}`) : words(reason)
  const more = words(detail)
  if (!said) return more
  return more && more !== reason ? `${said}${i18next.t('mark.colon')}${more}` : said
}
