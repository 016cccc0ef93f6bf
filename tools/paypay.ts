/**
 * `npm run paypay -- …` on the simulator of the stack that runs, whatever port it was given; another
 * one is named by SIMULATOR_URL.
 */
import { findRunningStack } from './connection';

async function main(): Promise<void> {
  process.env['SIMULATOR_URL'] ??= findRunningStack().simulatorUrl;
  await import('../simulator/cli');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
