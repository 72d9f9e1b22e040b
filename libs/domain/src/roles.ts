export const ROLES = ['viewer', 'operator', 'admin', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** What a role may do: `worker` is apart from people's roles, which contain each other. */
export const ROLE_INCLUDES: Readonly<Record<Role, readonly Role[]>> = {
  viewer: ['viewer'],
  operator: ['viewer', 'operator'],
  admin: ['viewer', 'operator', 'admin'],
  worker: ['worker'],
};

export function roleIncludes(held: Role, needed: Role): boolean {
  return ROLE_INCLUDES[held].includes(needed);
}

export const DEFAULT_TENANT_ID = 'default';
