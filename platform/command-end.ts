/** How a command ends that has printed something. */

/**
 * Ends the process with this status once all that it printed is out. Into a pipe Node writes when the
 * reader takes it, and `process.exit` drops what still waits: a long list would be cut off without a word.
 */
export function endCommand(status: number): void {
  process.stdout.write('', () => {
    process.stderr.write('', () => process.exit(status));
  });
}

/** For a command that only reads: it ends well when whoever reads it stops early, as `head` does. */
export function endWithReader(): void {
  process.stdout.on('error', () => process.exit(0));
}
