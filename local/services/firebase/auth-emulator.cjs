/**
 * Runs the Firebase auth emulator alone: `node auth-emulator.cjs HOST PORT PROJECT`. The CLI
 * around it would listen on two more ports (its hub and its log viewer) and start three times
 * slower. What is called here is not firebase-tools' public API, so its version is pinned.
 */
'use strict';

const { default: api } = require('firebase-tools/lib/emulator/auth/apiSpec.js');
const { createApp } = require('firebase-tools/lib/emulator/auth/server.js');

/** firebase-tools' SingleProjectMode.ERROR: another project's id is a mistake, not a new project. */
const SINGLE_PROJECT_ERROR = 2;

/**
 * What no shop or console here calls: tenants, the administration of identity providers, second
 * factors. The emulator compiles a validator per path, which is most of its start.
 */
const UNUSED_PATHS = /\/tenants|^\/v2\/projects\/|\/passkey|\/mfa/;

async function main([host, port, project]) {
  for (const route of Object.keys(api.paths)) {
    if (UNUSED_PATHS.test(route)) delete api.paths[route];
  }
  const app = await createApp(project, SINGLE_PROJECT_ERROR);
  const server = app.listen(Number(port), host);
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  console.log(`The auth emulator of ${project} listens on ${host}:${port}.`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
