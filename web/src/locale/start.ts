import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const languages = ['zh-CN', 'en'] as const
const load = { 'zh-CN': () => import('./zh-CN.json'), en: () => import('./en.json') }

function known(language: string | null | undefined): (typeof languages)[number] {
  return language?.startsWith('en') ? 'en' : 'zh-CN'
}

export async function startLocale(): Promise<void> {
  const language = known(localStorage.getItem('guike.language'))
  const words = await load[language]()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: words.default } },
    interpolation: { escapeValue: false },
    // Keys are flat words with dots in them: `field.order.lines` and `field.order.lines.name` both exist.
    keySeparator: false,
    nsSeparator: false,
  })
  document.documentElement.lang = language
  document.title = i18next.t('app.name')
}

export async function setLanguage(language: string): Promise<void> {
  const next = known(language)
  if (next === i18next.language) return
  localStorage.setItem('guike.language', next)
  if (!i18next.hasResourceBundle(next, 'translation')) {
    const words = await load[next]()
    i18next.addResourceBundle(next, 'translation', words.default)
  }
  await i18next.changeLanguage(next)
  document.documentElement.lang = next
  document.title = i18next.t('app.name')
}
