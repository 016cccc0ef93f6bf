/**
 * `npm run audit [-- --var FOLDER]`: a Kafka client that is not of this project reads every topic of
 * the stack that runs, decodes every record and looks for eventIds that stand twice. Status 0 only
 * when there is nothing to say.
 */
import path from 'node:path';
import { runCommand } from '../../local/processes/command-runner';
import { parseProductArguments } from '../../local/pipeline/product';
import { StackError } from '../../local/stack/stack-error';
import { readRunningStack } from '../../platform/running-stack';
import { auditTopics } from './topic-audit';

async function audit(args: readonly string[]): Promise<number> {
  const { varFolder } = parseProductArguments(args, process.env);
  const running = readRunningStack(path.join(varFolder, 'run', 'running-stack.json'));
  if (running === undefined) {
    throw new StackError('BAD_ARGUMENTS', `No stack runs on ${varFolder}. Start one: npm start.`);
  }
  const { kind, text } = await auditTopics(running);
  process.stdout.write(text);
  return kind === 'clean' ? 0 : 1;
}

runCommand(audit);
