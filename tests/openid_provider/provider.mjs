// A real OpenID provider (panva's oidc-provider) on the loopback, for the tests of sign-in by another authority. Tells its
// issuer first, and ends with its standard input. Who signs in as "name.number" is the subject of that whole text,
// with that identity number; "name." has none.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [folder, redirect] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${folder}/node_modules/oidc-provider/lib/index.js`));

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'ocop', client_secret: 'a secret that only both know', redirect_uris: [redirect] }],
    claims: { openid: ['sub'], identity: ['identity_number'] },
    features: { claimsParameter: { enabled: true }, devInteractions: { enabled: true } },
    pkce: { required: () => true },
    findAccount: (_, id) => {
      const [, number] = id.split('.');
      return { accountId: id, claims: () => ({ sub: id, identity_number: number || undefined }) };
    },
  });
  server.on('request', provider.callback());
  console.log(issuer);
  // Nobody reads what else it has to say.
  console.info = console.error;
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
