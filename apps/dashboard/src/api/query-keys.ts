/** The names under which answers are kept; a list's name is the beginning of all that belongs to it. */
export const KEYS = {
  me: ['me'],
  cameras: ['cameras'],
  assignments: ['assignments'],
  workers: ['workers'],
  visits: ['visits'],
  people: ['people'],
  faces: ['faces'],
  peopleModel: ['people-model'],
  unknown: ['unknown'],
  faceSearch: ['face-search'],
  videos: ['videos'],
  interrupted: ['interrupted-uploads'],
  findings: ['findings'],
  jobs: ['jobs'],
  keys: ['keys'],
  users: ['users'],
} as const;
