/*
 * npm's akismet-api against a server: node npm_api.js HOST:PORT KEY
 *
 * Prints what the client makes of each answer, one line each; so do the other
 * clients here. NODE_PATH says where the package is.
 */
const { AkismetClient } = require('akismet-api')
const comments = require('./comments')

const [host, key] = process.argv.slice(2)

function client(withKey) {
  return new AkismetClient({
    key: withKey, blog: 'http://blog.example', host, protocol: 'http',
  })
}

function named(comment) {
  return {
    ip: comment.user_ip, useragent: comment.user_agent,
    content: comment.comment_content, name: comment.comment_author,
    url: comment.comment_author_url, email: comment.comment_author_email,
    permalink: comment.permalink,
  }
}

async function main() {
  const right = client(key)
  const wrong = client('wrongwrong12')

  console.log('verify', await right.verifyKey())
  console.log('spam', await right.checkSpam(named(comments.spam)))
  console.log('ham', await right.checkSpam(named(comments.ham)))
  console.log('trapped', await right.checkSpam({
    ...named(comments.doubtful), honeypot: 'http://pills.example',
  }))
  console.log('submit-spam', (await right.submitSpam(named(comments.ham))).text)
  console.log('submit-ham', (await right.submitHam(named(comments.spam))).text)
  console.log('wrong key', await wrong.verifyKey())
  await wrong.checkSpam(named(comments.spam)).then(
    () => console.log('wrong check', 'no error'),
    (error) => console.log('wrong check', error.message))
}

main()
