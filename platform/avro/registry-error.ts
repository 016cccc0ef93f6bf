/** The registry cannot be reached or is not ready; the same call may succeed later. */
export class RegistryUnreachableError extends Error {
  override readonly name: string = 'RegistryUnreachableError';
}

/** The registry does not have a schema yet: a replica may be behind the one that took it. */
export class SchemaLateError extends RegistryUnreachableError {
  override readonly name = 'SchemaLateError';
}
