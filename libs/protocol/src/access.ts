import { ROLES } from '@camfleet/domain';
import { z } from 'zod';
import { Text, Timestamp, pageOf } from './common';

const Username = Text.trim().min(1).max(100);
const Password = Text.min(8, 'must have at least 8 characters').max(500);
const HumanRole = z.enum(['viewer', 'operator', 'admin']);

export const LoginRequest = z.strictObject({ username: Text.max(100), password: Text.max(500) });
export type LoginRequest = z.infer<typeof LoginRequest>;

export const Me = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['user', 'key']),
  role: z.enum(ROLES),
  tenantId: z.string(),
});
export type Me = z.infer<typeof Me>;

export const CreateKeyRequest = z.strictObject({
  name: Text.trim().min(1).max(200),
  role: z.enum(ROLES),
});
export type CreateKeyRequest = z.infer<typeof CreateKeyRequest>;
export const KeyView = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
});
export type KeyView = z.infer<typeof KeyView>;
export const CreatedKey = KeyView.extend({ key: z.string() });
export type CreatedKey = z.infer<typeof CreatedKey>;
export const KeyPage = pageOf(KeyView);

export const CreateUserRequest = z.strictObject({ username: Username, password: Password, role: HumanRole });
export type CreateUserRequest = z.infer<typeof CreateUserRequest>;
export const UpdateUserRequest = z.strictObject({
  password: Password.optional(),
  role: HumanRole.optional(),
});
export type UpdateUserRequest = z.infer<typeof UpdateUserRequest>;
export const UserView = z.object({
  id: z.string(),
  username: z.string(),
  role: z.enum(ROLES),
  createdAt: Timestamp,
});
export type UserView = z.infer<typeof UserView>;
export const UserPage = pageOf(UserView);
