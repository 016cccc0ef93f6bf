/** Imported for its effect, before the apps: this process' commits are shown in its step file. */
import path from 'node:path';
import { showCommitSteps } from './commit-probe';
import { StepFile } from './commit-step';

const { CHAOS_STEPS: folder, STREAMS_PROCESS: name, STREAMS_DATA: stores } = process.env;
if (folder === undefined || name === undefined || stores === undefined) {
  throw new Error('CHAOS_STEPS, STREAMS_PROCESS and STREAMS_DATA must be set');
}
showCommitSteps(new StepFile(path.join(folder, name)), stores);
