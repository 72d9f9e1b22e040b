import { NativeSelect, type NativeSelectProps } from '@mantine/core';

export interface RoleSelectProps<Role extends string> extends Omit<
  NativeSelectProps,
  'data' | 'value' | 'onChange'
> {
  roles: readonly Role[];
  value: Role;
  onChange: (role: Role) => void;
}

export function RoleSelect<Role extends string>({ roles, value, onChange, ...rest }: RoleSelectProps<Role>) {
  return (
    <NativeSelect
      {...rest}
      w={130}
      data={[...roles]}
      value={value}
      onChange={({ currentTarget }) => {
        const role = roles.find((known) => known === currentTarget.value);
        if (role) onChange(role);
      }}
    />
  );
}
