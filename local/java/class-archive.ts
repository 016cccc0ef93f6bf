/**
 * Owns the AppCDS archive of a Java program: the classes of its first run, laid out so that later
 * runs map them instead of loading them, which halves the start. The first run writes it while it
 * stops; only after a clean stop does it count, since a half-written one would be of no use.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';

export interface ClassArchive {
  /** For the `java` command line. */
  readonly flags: readonly string[];
  /** To be called after a clean stop. */
  readonly keep: () => void;
}

/** @param stem path without an ending; the archive lies beside the program it belongs to */
export function classArchive(stem: string): ClassArchive {
  const archive = `${stem}.${javaBuild()}.jsa`;
  if (existsSync(archive)) {
    return { flags: [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto'], keep: () => undefined };
  }
  // The pid: two stacks of one clone may both be on their first run.
  const draft = `${archive}.${process.pid}`;
  return {
    flags: [`-XX:ArchiveClassesAtExit=${draft}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off'],
    keep: () => {
      if (existsSync(draft)) renameSync(draft, archive);
    },
  };
}

let knownBuild: string | undefined;

/** An archive fits only the build of Java that wrote it. */
function javaBuild(): string {
  knownBuild ??= createHash('sha256')
    .update(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr)
    .digest('hex')
    .slice(0, 8);
  return knownBuild;
}
