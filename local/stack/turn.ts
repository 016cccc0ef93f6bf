/**
 * Owns taking turns between stacks that would install the same thing at the same time: the later
 * one waits for the earlier one rather than downloading twice.
 */
import { claimFile } from './owned-file';
import { waitUntil } from '../services/readiness';
import { StackError } from './stack-error';

/** 110 MB over a slow line; after longer than this somebody should look. */
const OTHER_INSTALL_MS = 20 * 60_000;

export async function takeTurn(
  lock: string,
  report: (detail: string) => void,
  abandon: AbortSignal,
): Promise<() => void> {
  const first = claimFile(lock, 'installation');
  if (first.kind === 'held') return first.release;
  report('another stack is at it');
  let release: (() => void) | undefined;
  const wait = await waitUntil(
    () => {
      const claim = claimFile(lock, 'installation');
      if (claim.kind === 'held') release = claim.release;
      return claim.kind === 'held';
    },
    { withinMs: OTHER_INSTALL_MS, abandon },
  );
  if (release !== undefined) return release;
  throw wait.kind === 'abandoned'
    ? new StackError('STOPPED', 'Stopped while another stack was at it.')
    : new StackError('INSTALL_FAILED', `Another stack holds ${lock} for too long; end it.`);
}
