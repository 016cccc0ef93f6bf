/**
 * `npm run paypay -- …` on the simulator of the stack that runs, whatever port it was given; another
 * one is named by SIMULATOR_URL.
 */
import { runCli } from '../simulator/cli';
import { findRunningStack } from './connection';

void runCli(() => process.env['SIMULATOR_URL'] ?? findRunningStack().simulatorUrl);
