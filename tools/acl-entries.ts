/** The ACLs that stand for a table of access: one for each operation that is allowed somewhere. */
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
  type AclEntry,
} from 'kafkajs';
import type { Access, Grant, Operation, ResourceType } from './access';

/** An ACL in words, and as Kafka takes it. */
export interface Entry {
  readonly principal: string;
  readonly resource: ResourceType;
  readonly pattern: 'literal' | 'prefixed';
  readonly name: string;
  readonly operation: Operation;
  readonly acl: AclEntry;
}

const RESOURCES: Readonly<Record<ResourceType, AclResourceTypes>> = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
};

const OPERATIONS: Readonly<Record<Operation, AclOperationTypes>> = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  delete: AclOperationTypes.DELETE,
  describe: AclOperationTypes.DESCRIBE,
  'describe-configs': AclOperationTypes.DESCRIBE_CONFIGS,
};

/** `principals`: of processes that are not `User:` and their name. */
export function aclEntriesOf(
  table: readonly Access[],
  principals: ReadonlyMap<string, string> = new Map(),
): readonly Entry[] {
  return table.flatMap(({ process, grants }) => {
    const principal = principals.get(process) ?? `User:${process}`;
    return grants.flatMap((grant) =>
      grant.operations.map((operation) => entryOf(principal, grant, operation)),
    );
  });
}

function entryOf(principal: string, grant: Grant, operation: Operation): Entry {
  const { resource, name, isPrefix } = grant;
  return {
    principal,
    resource,
    pattern: isPrefix ? 'prefixed' : 'literal',
    name,
    operation,
    acl: {
      resourceType: RESOURCES[resource],
      resourceName: name,
      resourcePatternType: isPrefix ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
      principal,
      // From wherever it comes; the network's policies say from where.
      host: '*',
      operation: OPERATIONS[operation],
      permissionType: AclPermissionTypes.ALLOW,
    },
  };
}
