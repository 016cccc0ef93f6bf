/** Builds the dashboard when what is in dist/dashboard is older than its sources. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildFolder, projectFolder } from '../../platform/project-folder';
import { StackError } from '../stack/stack-error';

const folder = path.join(projectFolder, 'dashboard');
const built = path.join(buildFolder, 'dashboard', 'index.html');

/** Resolves to whether anything had to be built. */
export async function buildDashboard(report: (detail: string) => void): Promise<boolean> {
  if (existsSync(built) && newestSource() <= statSync(built).mtimeMs) return false;
  report('building');
  await runVite();
  return true;
}

function newestSource(): number {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(...sources.map((file) => statSync(path.join(folder, file)).mtimeMs));
}

function runVite(): Promise<void> {
  return new Promise((resolve, reject) => {
    const vite = path.join(projectFolder, 'node_modules', 'vite', 'bin', 'vite.js');
    const child = spawn(process.execPath, [vite, 'build', folder, '--logLevel', 'error'], {
      cwd: projectFolder,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new StackError('BUILD_FAILED', 'The dashboard does not build; see above.'));
    });
  });
}
