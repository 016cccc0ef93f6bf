/** The Idempotency-Key of what is being asked for; new with each new command. */
export class CommandKey {
  private content = '';
  private key: string = crypto.randomUUID();

  of(what: string, body: unknown): string {
    const content = JSON.stringify([what, body]);
    if (content !== this.content) {
      this.content = content;
      this.key = crypto.randomUUID();
    }
    return this.key;
  }

  /** The same again is meant as another command. */
  forget(): void {
    this.content = '';
  }
}
