/**
 * Owns the Chromium of the browser tests and of the screenshots. It comes out of an npm package, with
 * the libraries and fonts that a bare Linux lacks, so a machine needs nothing installed by hand;
 * CHROMIUM_PATH names another one, and must on anything but Linux on x64.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { projectFolder } from '../../local/stack/stack-folders';
import project from '../../package.json';

/** 65 MB of brotli: 3 s alone, more on a machine that starts a Kafka meanwhile. */
const UNPACK_WITHIN_MS = 120_000;
const LAUNCH_WITHIN_MS = 60_000;

export interface RunningBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

interface Program {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

export async function openBrowser(): Promise<RunningBrowser> {
  const { executablePath, env } = await chromiumProgram();
  const browser = await chromium.launch({
    executablePath,
    env: { ...definedOf(process.env), ...env },
    // Containers run as root and give /dev/shm 64 MB; neither suits Chromium's own choices.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: LAUNCH_WITHIN_MS,
  });
  return { browser, close: () => browser.close() };
}

async function chromiumProgram(): Promise<Program> {
  const { CHROMIUM_PATH: named = '' } = process.env;
  if (named !== '') return { executablePath: named, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Set CHROMIUM_PATH: the packaged Chromium is for Linux on x64 only.');
  }
  const version = project.devDependencies['@sparticuz/chromium'];
  const folder = path.join(projectFolder, 'var', 'cache', `chromium-${version}`);
  if (!existsSync(folder)) await unpack(folder);
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib'),
      // A machine with fonts of its own may have Japanese ones, which the package has not.
      ...(existsSync('/etc/fonts/fonts.conf')
        ? {}
        : { FONTCONFIG_PATH: path.join(folder, 'fonts') }),
    },
  };
}

/**
 * The package unpacks into the temporary folder, and its libraries only where it takes itself to be
 * at Amazon; so it is told both, in a process of its own. The folder gets its name when it is whole:
 * of two test runs at once, one wins and the other throws its own away.
 */
async function unpack(folder: string): Promise<void> {
  const partial = `${folder}.${String(process.pid)}`;
  await mkdir(partial, { recursive: true });
  try {
    const script = "import it from '@sparticuz/chromium'; await it.executablePath();";
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: projectFolder,
      env: { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
      timeout: UNPACK_WITHIN_MS,
    });
    await writeFile(path.join(partial, 'fonts', 'fonts.conf'), fontsConfiguration(folder));
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** The package's own looks for its fonts at Amazon's paths. */
function fontsConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(folder, 'fonts')}</dir>
  <cachedir>${path.join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
