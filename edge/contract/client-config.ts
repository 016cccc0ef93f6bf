/** What a program that calls the edge has to know before it can sign anybody in. */

export interface DemoAccount {
  readonly role: string;
  readonly email: string;
  readonly password: string;
}

/** What the dashboard needs to sign in with Firebase. */
export interface ClientConfig {
  readonly firebase: {
    readonly apiKey: string;
    readonly projectId: string;
    readonly authDomain: string | null;
    /** Origin of the auth emulator; null: Firebase itself. */
    readonly emulatorUrl: string | null;
  };
  /** Who may sign in to a demonstration; none unless the emulator keeps the accounts. */
  readonly demoAccounts: readonly DemoAccount[];
}
