/**
 * A copy of the repository without packages, in a folder of its own, into which packages are installed
 * in one of the ways that the README names; and what can then be said of it.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { arePatched } from '../local/bootstrap/patched-packages.cjs';
import { PROCESS_SCRIPTS } from '../local/processes/node-process';
import { projectFolder } from '../local/stack/stack-folders';

const execute = promisify(execFile);

/** A build says little; npm a line for each package that it dislikes. */
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** What a server is given besides dist/: docs/deployment.md and the Dockerfile name the same. */
const INSTALLED_FROM = ['package.json', 'package-lock.json', '.npmrc', 'patches'] as const;

/** Of the chaos runs and the benchmarks. */
const NOT_FOR_SERVERS = path.join('dist', 'proof');

interface Locked {
  readonly dev?: boolean;
}

export class InstalledCopy {
  private constructor(readonly folder: string) {}

  /** The whole repository, as git knows it; what is not committed yet is included. */
  static async ofRepository(): Promise<InstalledCopy> {
    const copy = InstalledCopy.empty();
    const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
    const { stdout } = await execute('git', list, { cwd: projectFolder });
    for (const file of stdout.split('\0')) {
      const source = path.join(projectFolder, file);
      if (file !== '' && existsSync(source)) cpSync(source, path.join(copy.folder, file));
    }
    return copy;
  }

  /** What a server is given of a repository that is built. */
  static forServer(built: string): InstalledCopy {
    const copy = InstalledCopy.empty();
    for (const name of [...INSTALLED_FROM, 'dist']) {
      cpSync(path.join(built, name), path.join(copy.folder, name), { recursive: true });
    }
    rmSync(path.join(copy.folder, NOT_FOR_SERVERS), { recursive: true, force: true });
    return copy;
  }

  private static empty(): InstalledCopy {
    return new InstalledCopy(mkdtempSync(path.join(tmpdir(), 'installed-copy-')));
  }

  /** Rejects with all that the command said when it does not end with 0. */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    try {
      const { stdout, stderr } = await execute(command, args, {
        cwd: this.folder,
        maxBuffer: OUTPUT_BYTES_MAX,
        env: { ...process.env, npm_config_prefer_offline: 'true', NODE_ENV: '' },
      });
      return stdout + stderr;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      const line = [command, ...args].join(' ');
      throw new Error(`${line}\n${stdout}${stderr}`, { cause: error });
    }
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  arePatchesApplied(): boolean {
    return arePatched(this.folder);
  }

  /** Processes that dist/ has not, or has without its source map. */
  notBuilt(): readonly string[] {
    return PROCESS_SCRIPTS.flatMap((script) => [`${script}.js`, `${script}.js.map`]).filter(
      (file) => !existsSync(path.join(this.folder, 'dist', file)),
    );
  }

  /** Packages that only build, check and test, by the lock file's own word, and are there all the same. */
  developmentPackages(): readonly string[] {
    const { packages } = JSON.parse(this.read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, Locked>>;
    };
    return Object.entries(packages)
      .filter(([folder, { dev }]) => dev === true && existsSync(path.join(this.folder, folder)))
      .map(([folder]) => folder);
  }

  /** A folder in the copy, made when it is not there. */
  subfolder(name: string): string {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
