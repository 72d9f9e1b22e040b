/** The names under which answers are kept; a list's name is the beginning of all that belongs to it. */
export const KEYS = {
  me: ['me'],
  cameras: ['cameras'],
  assignments: ['assignments'],
  workers: ['workers'],
  visits: ['visits'],
  keys: ['keys'],
  users: ['users'],
} as const;
