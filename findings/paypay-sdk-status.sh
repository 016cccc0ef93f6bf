#!/usr/bin/env bash
# @paypayopa/paypayopa-sdk-node 2.2.0 (npm), Node 20
#
# Behaviour: an answer whose body is no JSON (a proxy's page, an empty 403) is told as STATUS 500, whatever
# status the server sent. So a caller that retries on 5xx and gives up on 4xx retries what was refused for
# good, and takes a 200 with an odd body, which may have moved money, for a failure of PayPay's.
# Expected: STATUS is the server's, as it is where the body is JSON.
#
# Seen on 2026-11-30:
#   server 200, JSON      -> STATUS 200
#   server 403, JSON      -> STATUS 403
#   server 200, no JSON   -> STATUS 500
#   server 403, no JSON   -> STATUS 500
#   server 503, no JSON   -> STATUS 500
#
# Ends with 0 while that is so, with 1 once it is not. Needs node, npm and openssl; installs in a folder of
# its own and removes it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @paypayopa/paypayopa-sdk-node@2.2.0 >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout key.pem -out cert.pem 2>/dev/null
cat > ask.js <<'JS'
const https = require('node:https');
const { readFileSync } = require('node:fs');
// The SDK writes errors to the console by itself.
const say = console.log;
console.log = console.error = () => undefined;
const { Conf, PayPayRestSDK } = require('@paypayopa/paypayopa-sdk-node');

const cases = [
  [200, '{"resultInfo":{"code":"SUCCESS"}}', 200],
  [403, '{"resultInfo":{"code":"FORBIDDEN"}}', 403],
  [200, '<html>accepted</html>', 500],
  [403, '<html>forbidden</html>', 500],
  [503, '<html>maintenance</html>', 500],
];
let next = cases[0];
const server = https.createServer({ key: readFileSync('key.pem'), cert: readFileSync('cert.pem') }, (_, response) => {
  response.writeHead(next[0], { 'content-type': next[1].startsWith('{') ? 'application/json' : 'text/html' });
  response.end(next[1]);
});
server.listen(0, 'localhost', async () => {
  const { port } = server.address();
  const sdk = new PayPayRestSDK();
  const conf = new Conf({ hostName: 'localhost', portNumber: port });
  sdk.configure({ clientId: 'key', clientSecret: 'secret', merchantId: 'merchant', conf });
  let changed = 0;
  for (const one of cases) {
    next = one;
    const answer = await sdk.getCodePaymentDetails(['order-1']);
    const [status, body, expected] = one;
    say(`server ${status}, ${body.startsWith('{') ? 'JSON     ' : 'no JSON  '} -> STATUS ${answer.STATUS}`);
    if (answer.STATUS !== expected) changed += 1;
  }
  server.close();
  say(changed === 0 ? 'as it was' : `${changed} differ from what was seen`);
  process.exit(changed === 0 ? 0 : 1);
});
JS
NODE_EXTRA_CA_CERTS=cert.pem node ask.js
