/**
 * Every command that a document tells its reader to type: lines of shell blocks, and those that stand
 * in the text between backticks. The READMEs in other languages have the same ones (a test holds them
 * together), and what was decided or changed once is no document of today.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../platform/project-folder';

export interface DocumentedCommand {
  /** As it is typed, comments left out. */
  readonly command: string;
  /** Paths from the project's folder, each once. */
  readonly files: readonly string[];
}

const ROOMS = ['docs', 'deploy', 'local', 'observability', 'proof', 'simulator', 'streams', 'edge'];
const NOT_OF_TODAY = path.join('docs', 'decisions');

const PROGRAMS =
  'npm|npx|node|kcat|curl|echo|kubectl|docker|systemctl|useradd|apt-get|promtool|kafka-[a-z-]+\\.sh';
const COMMAND = new RegExp(`^(?:(?:[A-Z_]+=\\S+ )+)?(?:${PROGRAMS}) `);
const INLINE = new RegExp(`\`((?:[A-Z_]+=[^\\s\`]+ )*(?:${PROGRAMS}) [^\`]+)\``, 'g');

export function documents(): readonly string[] {
  const below = ROOMS.flatMap((room) =>
    readdirSync(path.join(projectFolder, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => !file.includes('node_modules') && !file.includes('target'))
      .map((file) => path.join(room, file)),
  );
  return ['README.md', 'CONTRIBUTING.md', ...below]
    .filter((file) => file.endsWith('.md') && !file.startsWith(NOT_OF_TODAY))
    .sort();
}

export function documentedCommands(): readonly DocumentedCommand[] {
  const files = new Map<string, string[]>();
  for (const file of documents()) {
    for (const command of commandsIn(readFileSync(path.join(projectFolder, file), 'utf8'))) {
      const known = files.get(command) ?? [];
      if (!known.includes(file)) known.push(file);
      files.set(command, known);
    }
  }
  return [...files].map(([command, named]) => ({ command, files: named }));
}

/** In their order, with repeats. */
export function commandsIn(markdown: string): readonly string[] {
  const found: string[] = [];
  let inBlock = false;
  for (const line of markdown.split('\n')) {
    const text = line.trim();
    if (text.startsWith('```')) inBlock = !inBlock;
    else if (inBlock || line.startsWith('    ')) found.push(...commandLine(text));
    else found.push(...[...line.matchAll(INLINE)].map(([, command = '']) => command));
  }
  return found;
}

/** What follows two blanks says what the command does. */
function commandLine(text: string): readonly string[] {
  const [command = ''] = text.split(/\s+# |\s{2,}/);
  return COMMAND.test(`${command} `) ? [command] : [];
}
