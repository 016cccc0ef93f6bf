interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
}

/** Whether what npm says it installed is what the lock file asks for; both by folder. */
export function areInstalled(
  wanted: Readonly<Record<string, LockedPackage>>,
  installed: Readonly<Record<string, LockedPackage>>,
): boolean;
