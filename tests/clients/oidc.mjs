// A real identity provider (npm `oidc-provider`) on loopback. Lines of JSON on standard input tell
// it what to do, one answer a line. It can also give what no good provider would: `tamper`.
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { createHash, createHmac } from 'node:crypto'
import { pathToFileURL } from 'node:url'

// standard output is for answers
console.log = console.info = console.warn = console.error
const [modules, issuer] = process.argv.slice(2)
let back = process.argv[4]
const require = createRequire(`${modules}/oidc-provider/package.json`)
const load = (name) => import(pathToFileURL(require.resolve(name)))
const { Provider } = await load('oidc-provider')
const jose = await load('jose')

const BRIDGE = 'https://bridge.test/'
const people = {}
const keys = []
let provider
let tamper = null
let listening

async function rotate(alg = 'RS256') {
  const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true })
  const kid = `key-${keys.length}`
  keys.push({ kid, alg, privateKey, publicKey, jwk: { ...(await jose.exportJWK(privateKey)), kid, alg, use: 'sig' } })
  provider = make(keys.at(-1), alg)
}

function make(key, alg) {
  const client = (name, secret, redirect) => ({
    client_id: name, client_secret: secret, redirect_uris: [redirect], grant_types: ['authorization_code'],
    response_types: ['code'], id_token_signed_response_alg: alg,
  })
  const made = new Provider(issuer, {
    // the first secret shows whether both parts of Basic are encoded as RFC 6749 wants them
    clients: [client('davbridge', 'a:b/c d%e+f', back), client('telephone', 'telephone-secret', 'http://127.0.0.1:9/back')],
    jwks: { keys: [key.jwk] },
    cookies: { keys: ['a key of the tests'] },
    enabledJWA: { idTokenSigningAlgValues: [alg] },
    scopes: ['openid', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups'], email: ['email', 'email_verified'] },
    // names and groups at the userinfo endpoint only, as the specification has it
    conformIdTokenClaims: true,
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: 'dav', audience: resource === BRIDGE ? 'davbridge' : 'another', accessTokenTTL: 300,
          accessTokenFormat: 'jwt', jwt: { sign: { alg } },
        }),
      },
    },
    async loadExistingGrant(ctx) {
      const { client: { clientId }, session: { accountId } } = ctx.oidc
      const grant = new made.Grant({ clientId, accountId })
      grant.addOIDCScope('openid profile email')
      for (const resource of [BRIDGE, 'https://another.test/']) grant.addResourceScope(resource, 'dav')
      await grant.save()
      return grant
    },
  })
  made.use(async (ctx, next) => {
    await next()
    if (tamper && ctx.oidc?.route === 'token' && ctx.body.id_token) {
      const claims = { ...jose.decodeJwt(ctx.body.id_token), ...tamper.claims }
      ctx.body.id_token = await forge(claims, { typ: 'JWT' }, tamper.how)
    }
  })
  return made
}

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

// A token of these claims: by the key of today, or by what must not be believed.
async function forge(claims, header, how = 'right') {
  const { kid, alg, privateKey, publicKey } = keys.at(-1)
  const plain = `${part({ ...header, alg: 'none', kid })}.${part(claims)}`
  const sign = (key) => new jose.SignJWT(claims).setProtectedHeader({ ...header, alg, kid }).sign(key)
  switch (how) {
    case 'right': return sign(privateKey)
    case 'none': return `${plain}.`
    case 'foreign': return sign((await jose.generateKeyPair(alg)).privateKey)
    case 'hs256': {
      const shared = `${part({ ...header, alg: 'HS256', kid })}.${part(claims)}`
      return `${shared}.${createHmac('sha256', await jose.exportSPKI(publicKey)).update(shared).digest('base64url')}`
    }
    case 'altered': {
      const [head, , signature] = (await sign(privateKey)).split('.')
      return `${head}.${part({ ...claims, sub: 'somebody else' })}.${signature}`
    }
    default: throw new Error(`no way to forge: ${how}`)
  }
}

const server = createServer((request, response) => provider.callback()(request, response))
const listen = () => new Promise((done) => { listening = server.listen(new URL(issuer).port, '127.0.0.1', done) })

const commands = {
  person: ({ sub, claims }) => { people[sub] = claims },
  rotate: ({ alg }) => rotate(alg),
  move: (to) => { back = to.back; provider = make(keys.at(-1), keys.at(-1).alg) },
  tamper: ({ claims, how }) => { tamper = how ? { claims, how } : null },
  forge: ({ claims, header, how }) => forge(claims, header, how),
  challenge: ({ verifier }) => createHash('sha256').update(verifier).digest('base64url'),
  down: () => new Promise((done) => { listening.close(done); listening.closeAllConnections() }),
  up: listen,
}

await rotate()
await listen()
for await (const line of createInterface({ input: process.stdin })) {
  let answer
  try {
    const [name, values] = JSON.parse(line)
    answer = { value: (await commands[name](values ?? {})) ?? null }
  } catch (error) {
    answer = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
process.exit(0)
