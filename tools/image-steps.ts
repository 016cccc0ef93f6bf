/**
 * `npm run image:steps`: does what the Dockerfile says, stage by stage, in folders of its own, where there
 * is no Docker: its RUN lines run, its COPY lines copy, and the last stage is left as a folder whose
 * process is started for a moment. What it does not show: the base image, the user, a read-only root.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectFolder } from '../platform/project-folder';

interface Stage {
  readonly name: string;
  readonly root: string;
  folder: string;
}

/** One instruction a line, its continuations joined. */
function instructions(): readonly (readonly [string, string])[] {
  const text = readFileSync(path.join(projectFolder, 'Dockerfile'), 'utf8');
  return text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
}

/** What a clone has, less what is not sent to the build. */
function context(target: string): void {
  const ignored = readFileSync(path.join(projectFolder, '.dockerignore'), 'utf8').split('\n');
  const files = execFileSync('git', ['ls-files'], { cwd: projectFolder, encoding: 'utf8' });
  for (const file of files.trim().split('\n')) {
    if (ignored.some((folder) => folder !== '' && file.startsWith(`${folder}/`))) continue;
    cpSync(path.join(projectFolder, file), path.join(target, file));
  }
}

function copy(stage: Stage, stages: readonly Stage[], sent: string, text: string): void {
  const words = text.split(/\s+/);
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const places = words.filter((word) => !word.startsWith('--'));
  const target = places.pop() ?? '.';
  const root = from === undefined ? sent : (stages.find(({ name }) => name === from)?.root ?? '');
  const to = target.startsWith('/')
    ? path.join(stage.root, target)
    : path.join(stage.folder, target);
  for (const place of places) {
    const isFolderItself = places.length === 1 && !target.endsWith('/');
    const at = isFolderItself ? to : path.join(to, path.basename(place));
    cpSync(path.join(root, place), at, { recursive: true, verbatimSymlinks: true });
  }
}

function main(): void {
  const scratch = mkdtempSync(path.join(tmpdir(), 'image-'));
  const sent = path.join(scratch, 'context');
  const stages: Stage[] = [];
  try {
    context(sent);
    for (const [instruction, text] of instructions()) {
      const stage = stages.at(-1);
      if (instruction === 'FROM') {
        const name = /AS (\w+)/.exec(text)?.[1] ?? 'last';
        const root = path.join(scratch, name);
        stages.push({ name, root, folder: root });
      } else if (stage !== undefined) perform(stage, stages, sent, instruction, text);
    }
    const last = stages.at(-1);
    if (last !== undefined) start(last.folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function perform(
  stage: Stage,
  stages: readonly Stage[],
  sent: string,
  instruction: string,
  text: string,
): void {
  switch (instruction) {
    case 'WORKDIR':
      stage.folder = path.join(stage.root, text);
      mkdirSync(stage.folder, { recursive: true });
      return;
    case 'COPY':
      copy(stage, stages, sent, text);
      return;
    case 'RUN':
      console.error(`${stage.name}: ${text}`);
      execFileSync('sh', ['-ec', text], { cwd: stage.folder, stdio: ['ignore', 2, 2] });
      return;
    default:
      // How the image is started, which no folder has.
      return;
  }
}

/** Without settings it names those it lacks, which shows that all that it imports is there. */
function start(folder: string): void {
  for (const script of ['dist/streams/main.js', 'dist/edge/server.js']) {
    const { status, stdout } = spawnSync(process.execPath, ['--enable-source-maps', script], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
    });
    if (status !== 1 || !stdout.includes('KAFKA_BROKERS')) {
      throw new Error(`${script} ended with ${String(status)}: ${stdout}`);
    }
    console.error(`${script} starts, and names the settings that it lacks`);
  }
  const size = execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0];
  console.error(`the last stage has ${String(size)} MB`);
}

main();
