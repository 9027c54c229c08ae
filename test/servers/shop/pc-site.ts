/**
 * A PC site as small as can be, which does with tokens what the shop's own does (account-beside.md §5): it keeps one for
 * all its tabs, sends it to every path, and at an answer 401 throws it away and shows the login form.
 */
export const pcSite = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>商城</title>
<form id="login" hidden>
  <input name="user_account" autocomplete="username">
  <input name="password" type="password" autocomplete="current-password">
  <button>登录</button>
</form>
<main id="member" hidden>
  <h1 id="nickname"></h1>
  <ol id="messages"></ol>
  <button id="logout">退出</button>
</main>
<script>
let token = localStorage.getItem('token')
const show = (name) => {
  for (const id of ['login', 'member']) document.getElementById(id).hidden = id !== name
}
const forget = () => {
  token = null
  localStorage.removeItem('token')
  show('login')
}
async function api(verb, path, fields = {}) {
  const params = new URLSearchParams(fields)
  const headers = token ? { Authorization: 'Bearer ' + token } : {}
  const response = verb === 'GET'
    ? await fetch(path + '?' + params, { headers })
    : await fetch(path, { method: verb, headers, body: params })
  const answer = await response.json()
  if (answer.code === 401) forget()
  return answer
}
async function enter() {
  const { data } = await api('GET', '/front/account/user/info')
  if (!data) return
  document.getElementById('nickname').textContent = data.user_nickname
  const inbox = new EventSource('/front/account/userMessage/stream?' + new URLSearchParams({ perm_key: token }))
  inbox.addEventListener('message', ({ data }) => {
    document.getElementById('messages').append(Object.assign(document.createElement('li'), {
      textContent: JSON.parse(data).message_content,
    }))
  })
  inbox.addEventListener('unread', () => show('member'))
}
document.getElementById('login').addEventListener('submit', async (event) => {
  event.preventDefault()
  const { data } = await api('POST', '/front/account/login/login', new FormData(event.target))
  if (!data) return
  token = data.token
  localStorage.setItem('token', token)
  await enter()
})
document.getElementById('logout').addEventListener('click', async () => {
  await api('POST', '/front/account/login/logout')
  forget()
})
if (token) enter()
else show('login')
</script>
`
