// Runs before the first paint, as a file of its own because the policy allows no inline script.
;(function () {
  var root = document.documentElement
  var get = function (key, otherwise) {
    try {
      return localStorage.getItem(key) || otherwise
    } catch (e) {
      return otherwise
    }
  }
  var theme = get('guike.theme', 'system')
  var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  root.dataset.density = get('guike.density', 'normal')
  root.lang = get('guike.language', 'zh-CN')
  // The doors, a share and what is printed have no frame.
  if (!/^\/(login|setup|s|print)(\/|$)/.test(location.pathname)) root.dataset.frame = get('guike.nav', 'open')
})()
