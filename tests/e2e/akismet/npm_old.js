/*
 * npm's akismet against a server: node npm_old.js HOST PORT KEY [ENDPOINT]
 *
 * With the end point named, this client sends its key nowhere but in the call
 * that verifies it.
 */
const { promisify } = require('util')
const akismet = require('akismet')
const comments = require('./comments')

const [host, port, key, endPoint] = process.argv.slice(2)

function client(apiKey) {
  const made = akismet.client({
    blog: 'http://blog.example', apiKey, host, port, endPoint,
  })
  const call = (name) => promisify(made[name].bind(made))

  return {
    verify: call('verifyKey'), check: call('checkComment'),
    spam: call('submitSpam'), ham: call('submitHam'),
  }
}

async function main() {
  const right = client(key)

  console.log('verify', await right.verify())
  console.log('spam', await right.check({ ...comments.spam }))
  console.log('ham', await right.check({ ...comments.ham }))
  /* It hides the answer's text; that it is called back is all there is. */
  console.log('submit-spam', await right.spam({ ...comments.ham }) ?? 'done')
  console.log('submit-ham', await right.ham({ ...comments.spam }) ?? 'done')
  console.log('wrong key', await client('wrongwrong12').verify())
}

main()
