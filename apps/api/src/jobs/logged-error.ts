/** All of it is with the job. */
const MAX_LENGTH = 500;

/** What a worker says went wrong, for the log: an address that it quotes may bear a password, or a signature as its query. */
export function toLogged(error: string): string {
  return error.slice(0, MAX_LENGTH).replace(/:\/\/[^\s'"<>]+/g, (address) => {
    const [path = ''] = address.slice('://'.length).split('?');
    return `://${path.slice(path.lastIndexOf('@') + 1)}`;
  });
}
